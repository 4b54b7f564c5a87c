# Sourced by ./demo and ./test: makes the clone's own .venv and installs into it, once.
# shellcheck shell=bash

fail() { echo "$0: $*" >&2; exit 3; }

find_python() {
    local name first=
    [ "${CI:-}" = true ] && first=python3.11  # the version that has all extras as wheels there
    for name in "${PYTHON:-}" $first python3.13 python3.12 python3.11 python3 python; do
        if [ -n "$name" ] && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    fail "needs Python 3.11 or newer (set PYTHON to name one)"
}

# install_into_venv STAMP PIP_ARGUMENTS...
# Installs unless the same was installed before: the stamp holds what it was made from.
install_into_venv() {
    local stamp=".venv/.$1" want
    shift
    want=$(cat pyproject.toml requirements.lock; echo "$@")
    if [ ! -x .venv/bin/python ]; then
        local python
        python=$(find_python) || exit 3
        echo "making .venv with $("$python" --version)"
        "$python" -m venv .venv || fail "cannot make .venv: is the venv module installed?"
    fi
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then
        return
    fi
    echo "installing into .venv ($*)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --constraint requirements.lock "$@" || fail "pip could not install; see above"
    echo "$want" > "$stamp"
}
