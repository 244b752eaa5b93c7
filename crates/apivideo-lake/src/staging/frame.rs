//! Frames: the blocks of bytes that files of the staging consist of, compressed and with a checksum.
//!
//! A frame is a header of three little-endian `u32` (the stored length, the length of the contents, and the CRC-32 of what
//! follows it and of the second number) and the contents, compressed with DEFLATE if that is shorter.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use flate2::{Compression, Crc, Decompress, FlushDecompress, Status};

use crate::error::{Error, Operation, Result};

/// The contents of a frame before it is written, in bytes. A frame is longer if a single record is.
pub(crate) const FRAME: usize = 256 * 1024;

/// The length of the header.
const HEADER: usize = 12;

/// The largest ratio of lengths that DEFLATE reaches.
const MAX_RATIO: u64 = 1_100;

/// Appends a frame to a buffer, compressed.
pub(crate) fn push_compressed(contents: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::new(4));
    encoder.write_all(contents)?;
    let compressed = encoder.finish()?;
    match compressed.len() < contents.len() {
        true => push_frame(&compressed, contents.len(), out),
        false => push_stored(contents, out),
    }
}

/// Appends a frame to a buffer, as it is.
pub(crate) fn push_stored(contents: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    push_frame(contents, contents.len(), out)
}

fn push_frame(stored: &[u8], length: usize, out: &mut Vec<u8>) -> io::Result<()> {
    let number = |length: usize| {
        u32::try_from(length).map_err(|_| io::Error::other("a record is longer than 4 GB"))
    };
    let (stored_length, length) = (number(stored.len())?, number(length)?);
    out.extend_from_slice(&stored_length.to_le_bytes());
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&checksum(length, stored).to_le_bytes());
    out.extend_from_slice(stored);
    Ok(())
}

fn checksum(length: u32, stored: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(&length.to_le_bytes());
    crc.update(stored);
    crc.sum()
}

/// Reads the frames of a file, one after the other or at an offset.
pub(crate) struct FrameReader {
    path: PathBuf,
    file: BufReader<File>,
    /// Where the next frame starts.
    offset: u64,
    /// The length of the file.
    length: u64,
    stored: Vec<u8>,
}

impl FrameReader {
    /// Opens a file; returns `None` if it does not exist.
    pub(crate) fn open(path: &Path) -> Result<Option<Self>> {
        let failed = |error| Error::storage(Operation::Read, path, error);
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        Ok(Some(Self {
            path: path.to_owned(),
            length: file.metadata().map_err(failed)?.len(),
            file: BufReader::new(file),
            offset: 0,
            stored: Vec::new(),
        }))
    }

    /// Returns the offset of the next frame: the length of the valid frames once all are read.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Reads the next frame into a buffer; returns `false` at the end of the file, or at a frame that is incomplete or
    /// damaged.
    pub(crate) fn next(&mut self, contents: &mut Vec<u8>) -> Result<bool> {
        contents.clear();
        let failed = |error| Error::storage(Operation::Read, &self.path, error);
        let rest = self.length.saturating_sub(self.offset);
        let mut header = [0; HEADER];
        if rest < HEADER as u64 {
            return Ok(false);
        }
        self.file.read_exact(&mut header).map_err(failed)?;
        let [a, b, c, d, e, f, g, h, i, j, k, l] = header;
        let stored = u32::from_le_bytes([a, b, c, d]);
        let length = u32::from_le_bytes([e, f, g, h]);
        let crc = u32::from_le_bytes([i, j, k, l]);
        if u64::from(stored) > rest - HEADER as u64
            || u64::from(length) > u64::from(stored) * MAX_RATIO
        {
            return Ok(false);
        }
        let stored_length = usize::try_from(stored).unwrap_or(usize::MAX);
        self.stored.resize(stored_length, 0);
        self.file.read_exact(&mut self.stored).map_err(failed)?;
        if checksum(length, &self.stored) != crc || !self.unpack(stored, length, contents) {
            return Ok(false);
        }
        self.offset += HEADER as u64 + u64::from(stored);
        Ok(true)
    }

    /// Reads the frame at an offset.
    pub(crate) fn read_at(&mut self, offset: u64, contents: &mut Vec<u8>) -> Result<()> {
        self.file
            .seek(SeekFrom::Start(offset))
            .map_err(|error| Error::storage(Operation::Read, &self.path, error))?;
        self.offset = offset;
        let length = self.file.get_ref().metadata();
        self.length = length
            .map_err(|error| Error::storage(Operation::Read, &self.path, error))?
            .len();
        match self.next(contents)? {
            true => Ok(()),
            false => Err(damaged(&self.path)),
        }
    }

    fn unpack(&self, stored: u32, length: u32, contents: &mut Vec<u8>) -> bool {
        if stored == length {
            contents.extend_from_slice(&self.stored);
            return true;
        }
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        contents.reserve(length);
        let status =
            Decompress::new(false).decompress_vec(&self.stored, contents, FlushDecompress::Finish);
        matches!(status, Ok(Status::StreamEnd)) && contents.len() == length
    }
}

/// Writes records to the frames of a new file.
pub(crate) struct FrameWriter {
    path: PathBuf,
    file: File,
    contents: Vec<u8>,
    frame: Vec<u8>,
}

impl FrameWriter {
    pub(crate) fn create(path: &Path) -> Result<Self> {
        let file =
            File::create(path).map_err(|error| Error::storage(Operation::Write, path, error))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            contents: Vec::with_capacity(FRAME),
            frame: Vec::new(),
        })
    }

    pub(crate) fn push(&mut self, record: &[u8]) -> Result<()> {
        self.contents.extend_from_slice(record);
        match self.contents.len() >= FRAME {
            true => self.flush(),
            false => Ok(()),
        }
    }

    pub(crate) fn flush(&mut self) -> Result<()> {
        if self.contents.is_empty() {
            return Ok(());
        }
        self.frame.clear();
        push_compressed(&self.contents, &mut self.frame)
            .and_then(|()| self.file.write_all(&self.frame))
            .map_err(|error| Error::storage(Operation::Write, &self.path, error))?;
        self.contents.clear();
        Ok(())
    }
}

/// An error about a file of the staging that is not what was written.
pub(crate) fn damaged(path: &Path) -> Error {
    Error::corrupt(
        path,
        "is invalid: remove the folder _staging and run the same command again",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(path: &Path) -> (Vec<Vec<u8>>, u64) {
        let mut reader = FrameReader::open(path).unwrap().unwrap();
        let (mut frames, mut contents) = (Vec::new(), Vec::new());
        while reader.next(&mut contents).unwrap() {
            frames.push(contents.clone());
        }
        (frames, reader.offset())
    }

    #[test]
    fn frames_are_read_up_to_the_first_damaged_byte() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("frames");
        let contents: [&[u8]; 3] = [&[7; 5_000], b"short", b""];
        let mut bytes = Vec::new();
        push_compressed(contents[0], &mut bytes).unwrap();
        let first = bytes.len();
        assert!(first < 200, "{first}");
        push_compressed(contents[1], &mut bytes).unwrap();
        push_stored(contents[2], &mut bytes).unwrap();
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(
            frames(&path),
            (contents.map(<[u8]>::to_vec).to_vec(), bytes.len() as u64)
        );
        for end in 0..bytes.len() {
            std::fs::write(&path, &bytes[..end]).unwrap();
            let (found, offset) = frames(&path);
            assert!(offset <= end as u64 && found.len() < 3);
            assert_eq!(!found.is_empty(), end >= first);
        }
        for place in 0..first {
            let mut damaged = bytes.clone();
            damaged[place] ^= 0x10;
            std::fs::write(&path, &damaged).unwrap();
            assert_eq!(frames(&path), (Vec::new(), 0), "byte {place}");
        }
    }

    #[test]
    fn a_frame_is_read_at_its_offset() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("frames");
        let mut writer = FrameWriter::create(&path).unwrap();
        for number in 0..3_u8 {
            writer.push(&[number; 100]).unwrap();
            writer.flush().unwrap();
        }
        let (all, _) = frames(&path);
        assert_eq!(all.len(), 3);
        let mut reader = FrameReader::open(&path).unwrap().unwrap();
        let mut contents = Vec::new();
        let mut offsets = vec![0];
        while reader.next(&mut contents).unwrap() {
            offsets.push(reader.offset());
        }
        reader.read_at(offsets[1], &mut contents).unwrap();
        assert_eq!(contents, [1; 100]);
        assert!(reader.read_at(offsets[3], &mut contents).is_err());
        assert!(
            FrameReader::open(&folder.path().join("none"))
                .unwrap()
                .is_none()
        );
    }
}
