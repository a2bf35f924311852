"""An installation of the built project, moved away from where it was made, for the tests of this folder."""
import os
import pathlib
import subprocess
import tempfile


class Installation:
    """Lives in a folder of its own until `remove`; `prefix` is where it stands, with a space in it."""

    def __init__(self, cmake, build):
        self._folder = tempfile.TemporaryDirectory()
        first = pathlib.Path(self._folder.name, "first")
        subprocess.run([cmake, "--install", build, "--prefix", first], check=True, stdout=subprocess.DEVNULL)
        # Nothing that was installed may know where.
        self.prefix = first.rename(first.with_name("moved here"))
        self.work = pathlib.Path(self._folder.name, "outside project")
        self.work.mkdir()

    def remove(self):
        self._folder.cleanup()

    @property
    def library_folder(self):
        return next(self.prefix.glob("lib*/**/libstemma.a")).parent

    @property
    def panel(self):
        return self.prefix / "share/stemma/panel.stemma"

    def demo(self, name):
        return self.prefix / f"share/stemma/demo/{name}"

    def environment(self):
        """That of a user who has told pkg-config and the loader of the installation, and nothing else."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "LANG": "C.UTF-8",
            "PKG_CONFIG_PATH": str(self.library_folder / "pkgconfig"),
            "LD_LIBRARY_PATH": str(self.library_folder),
        }

    def run(self, *command):
        """The output of a command that must succeed without a word on standard error."""
        run = subprocess.run(command, capture_output=True, text=True, check=False, env=self.environment(), cwd=self.work)
        if run.returncode != 0 or run.stderr:
            raise AssertionError(f"{command[0]} ended with {run.returncode}:\n{run.stdout}\n{run.stderr}")
        return run.stdout
