//! Answers that are written while they are read. Workers run one thread, so what the platform hands out is not `Send`;
//! the wrapper says so to a body that would like to move between threads and here never does.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures::Stream;
use futures::stream::LocalBoxStream;
use worker::send::SendWrapper;

/// Marks an answer that must leave as a stream: it is never collected.
#[derive(Debug, Clone, Copy)]
pub struct Streamed;

/// A stream of this thread's, as a body wants it.
pub struct SendStream<T>(SendWrapper<LocalBoxStream<'static, T>>);

impl<T> SendStream<T> {
    /// Wraps a stream.
    pub fn new(stream: impl Stream<Item = T> + 'static) -> Self {
        Self(SendWrapper::new(Box::pin(stream)))
    }
}

impl<T> Stream for SendStream<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        self.0.0.as_mut().poll_next(context)
    }
}
