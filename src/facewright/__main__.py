"""`python -m facewright`: the same as the command."""

from facewright.cli import main

if __name__ == "__main__":
    main()
