"""`python -m storyloom` is the command `storyloom`."""

from storyloom.cli.main import main

if __name__ == "__main__":
    main()
