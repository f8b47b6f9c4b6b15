//! What is written, read back by programs that did not write it.

mod archive;
mod deflate;
mod rows;
