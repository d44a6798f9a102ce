//! Where a command's data goes: standard output, or a file that appears under its name only when it is whole.

use super::Failure;
use crate::report::WriteError;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// The data's destination.
pub enum Output {
    /// Standard output; styles are dropped where it is no terminal.
    Standard(BufWriter<anstream::AutoStream<io::StdoutLock<'static>>>),
    /// A new file beside the one asked for, renamed when whole.
    File {
        /// The open file.
        to: BufWriter<anstream::StripStream<File>>,
        /// Its name while it is written.
        partial: PathBuf,
        /// The name asked for.
        path: PathBuf,
    },
    /// A device or pipe that has a name.
    Device(BufWriter<anstream::StripStream<File>>),
}

impl Output {
    /// Opens standard output (no path, or `-`) or a file.
    pub fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return Ok(Self::Standard(BufWriter::new(anstream::AutoStream::auto(io::stdout().lock()))));
        };
        let refused = |error: io::Error| Failure::Input(format!("cannot write `{}`: {error}", path.display()));
        match fs::metadata(path) {
            // A folder cannot be written; opening it says so in the system's words.
            Ok(metadata) if !metadata.is_file() => {
                let file = OpenOptions::new().write(true).open(path).map_err(refused)?;
                Ok(Self::Device(BufWriter::new(anstream::StripStream::new(file))))
            }
            _ => {
                let mut name = path.file_name().unwrap_or_default().to_owned();
                name.push(format!(".{}.partial", std::process::id()));
                let partial = path.with_file_name(name);
                let file = private(&partial).map_err(refused)?;
                let to = BufWriter::new(anstream::StripStream::new(file));
                Ok(Self::File { to, partial, path: path.to_owned() })
            }
        }
    }

    /// Writes out what is buffered and gives the file its name.
    pub fn finish(mut self) -> Result<(), Failure> {
        self.flush().map_err(WriteError::Io)?;
        if let Self::File { partial, path, .. } = &self {
            fs::rename(partial, path)
                .map_err(|error| Failure::Input(format!("cannot write `{}`: {error}", path.display())))?;
        }
        Ok(())
    }
}

impl Drop for Output {
    /// Removes what was left unfinished; after `finish` there is nothing under that name.
    fn drop(&mut self) {
        if let Self::File { partial, .. } = self {
            let _ = fs::remove_file(partial);
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(to) => to.write(bytes),
            Self::File { to, .. } | Self::Device(to) => to.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(to) => to.flush(),
            Self::File { to, .. } | Self::Device(to) => to.flush(),
        }
    }
}

/// Writes a line to standard error, styles dropped where it is no terminal. Where nobody listens there, nothing is lost.
pub fn tell(line: fmt::Arguments<'_>) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Creates a file that only its owner can read, since it may hold health data.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Gives the width for tables: the terminal's, or none where the output is no terminal.
pub fn terminal_width(path: Option<&Path>) -> Option<u16> {
    if path.is_some() || !io::stdout().is_terminal() {
        return None;
    }
    comfy_table::Table::new().width()
}
