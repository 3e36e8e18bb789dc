//! One call to a provider as a stream of events, under both deadlines.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;

use futures::future::{Either, select};
use futures::stream::{self, LocalBoxStream};
use futures::{FutureExt, StreamExt};
use shared::limits::{ANSWER_MS, FIRST_TOKEN_MS};

use super::decode::StreamDecoder;
use super::{ProviderConfig, StreamEvent, VendorFault};
use crate::platform::http::{Chunks, HttpFault};
use crate::platform::{Clock, Http};
use crate::rules::prompt::Prompt;

/// The events of one answer. A fault is the last item; so is `End`. Dropping the stream ends the call.
pub type AnswerStream = LocalBoxStream<'static, Result<StreamEvent, VendorFault>>;

type Sleep = Pin<Box<dyn Future<Output = ()>>>;

struct Call {
    chunks: Chunks,
    decoder: StreamDecoder,
    ready: VecDeque<StreamEvent>,
    fault: Option<VendorFault>,
    has_text: bool,
    /// Until the first words: the first deadline. Afterwards the one of the whole answer is left.
    first: Option<Sleep>,
    total: Sleep,
}

/// Asks a provider. The first `Text` comes within `FIRST_TOKEN_MS` and the last within `ANSWER_MS` of asking, or
/// `Timeout` does. An answer without a word is `Broken`, so that another provider may be asked; a fault after the
/// first `Text` means that the words so far are all there is.
///
/// The future answers once the provider has sent its head: a fault here is always before the first token.
pub async fn answer_stream(
    http: &Http,
    clock: &Clock,
    config: &ProviderConfig,
    prompt: &Prompt,
) -> Result<AnswerStream, VendorFault> {
    let request = (config.provider.request)(config, prompt).ok_or(VendorFault::Refused)?;
    let first = sleep(clock, FIRST_TOKEN_MS);
    let total = sleep(clock, ANSWER_MS);
    let answer = match select(Box::pin(http.send(request)), first).await {
        Either::Left((answer, first)) => answer.map(|answer| (answer, first)),
        Either::Right(_) => return Err(VendorFault::Timeout),
    };
    let (answer, first) = answer.map_err(|fault| match fault {
        HttpFault::NotRegistered => VendorFault::Refused,
        HttpFault::Broken => VendorFault::Broken,
    })?;
    if answer.status != 200 {
        return Err((config.provider.fault)(answer.status, answer.retry_after_s));
    }
    let call = Call {
        chunks: answer.chunks,
        decoder: StreamDecoder::new((config.provider.decoder)()),
        ready: VecDeque::new(),
        fault: None,
        has_text: false,
        first: Some(first),
        total,
    };
    Ok(stream::unfold(Some(call), step).boxed_local())
}

fn sleep(clock: &Clock, ms: u64) -> Sleep {
    let clock = clock.clone();
    Box::pin(async move { clock.sleep(ms).await })
}

async fn step(call: Option<Call>) -> Option<(Result<StreamEvent, VendorFault>, Option<Call>)> {
    let mut call = call?;
    loop {
        match call.ready.pop_front() {
            Some(StreamEvent::End(_)) if !call.has_text => return Some((Err(VendorFault::Broken), None)),
            Some(StreamEvent::End(reason)) => return Some((Ok(StreamEvent::End(reason)), None)),
            Some(event) => {
                if matches!(event, StreamEvent::Text(_)) {
                    call.has_text = true;
                    call.first = None;
                }
                return Some((Ok(event), Some(call)));
            }
            None => {}
        }
        if let Some(fault) = call.fault {
            return Some((Err(fault), None));
        }
        let chunk = match select(call.chunks.next(), deadline(&mut call.first, &mut call.total)).await {
            Either::Left((chunk, _)) => chunk,
            Either::Right(_) => return Some((Err(VendorFault::Timeout), None)),
        };
        let mut events = Vec::new();
        let outcome = match chunk {
            Some(Ok(chunk)) => call.decoder.chunk(&chunk, &mut events),
            // A connection that breaks is a stream without its end.
            Some(Err(_)) => Err(VendorFault::Truncated),
            None => call.decoder.finish(&mut events),
        };
        call.ready.extend(events);
        // What came before a fault is still said.
        call.fault = outcome.err();
    }
}

fn deadline<'a>(first: &'a mut Option<Sleep>, total: &'a mut Sleep) -> impl Future<Output = ()> + Unpin + 'a {
    match first {
        Some(first) => Either::Left(select(first, total).map(drop)),
        None => Either::Right(total),
    }
}
