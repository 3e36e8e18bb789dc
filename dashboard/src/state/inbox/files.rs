//! Files on their way into a reply: uploaded as soon as they are chosen, and sent with it. What is chosen for one conversation
//! stays there while another one is open.

use shared::id::ConversationId;
use shared::limits::{FILE_BYTES, FILES_MESSAGE};
use shared::wire::file::Attachment;
use shared::wire::problem::Kind;

use super::{Effect, Inbox, InboxAsk};
use crate::state::{Ask, Effect as Outer, Refusal};

/// How far a file has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileFate {
    /// So many of a hundred parts are there.
    Uploading(u8),
    /// It is there.
    Kept(Attachment),
    /// It was not taken, and why.
    Failed(Refusal),
}

/// A file that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attaching {
    /// What it is called here.
    pub key: u32,
    /// Where it goes.
    pub conversation: ConversationId,
    /// What it is called on the reader's own disk.
    pub name: String,
    /// How large it is.
    pub bytes: u64,
    /// How far it has come.
    pub fate: FileFate,
}

/// A file was chosen for the open conversation.
pub fn choose(inbox: &mut Inbox, key: u32, name: String, bytes: u64, effects: &mut Vec<Outer>) {
    let (Some(business), Some(conversation)) = (inbox.business, inbox.open()) else { return };
    let is_good = |file: &&Attaching| !matches!(file.fate, FileFate::Failed(_));
    let count = of(inbox, conversation).filter(is_good).count();
    let refused = if bytes > FILE_BYTES {
        Some(Kind::FileTooLarge)
    } else {
        (count >= FILES_MESSAGE).then_some(Kind::FilesTooMany)
    };
    let fate = match refused {
        Some(kind) => {
            effects.push(Outer::Inbox(Effect::UploadEnd(key)));
            FileFate::Failed(Refusal::of(kind))
        }
        None => {
            effects.push(Outer::Inbox(Effect::Upload { business, conversation, key }));
            FileFate::Uploading(0)
        }
    };
    inbox.files.push(Attaching { key, conversation, name, bytes, fate });
}

/// A file has come further.
pub fn fare(inbox: &mut Inbox, key: u32, fate: FileFate) {
    if let Some(file) = inbox.files.iter_mut().find(|file| file.key == key) {
        file.fate = fate;
    }
}

/// A file is not to be sent after all: its upload ends, and what was kept of it goes.
pub fn drop_one(inbox: &mut Inbox, key: u32, effects: &mut Vec<Outer>) {
    let Some(place) = inbox.files.iter().position(|file| file.key == key) else { return };
    let file = inbox.files.remove(place);
    match (file.fate, inbox.business) {
        (FileFate::Uploading(_), _) => effects.push(Outer::Inbox(Effect::UploadEnd(key))),
        (FileFate::Kept(kept), Some(business)) => {
            let back = InboxAsk::FileTakeBack(file.conversation, kept.id);
            effects.push(Outer::Call(Ask::Inbox(business, Box::new(back))));
        }
        _ => {}
    }
}

/// The files of a conversation.
pub fn of(inbox: &Inbox, conversation: ConversationId) -> impl Iterator<Item = &Attaching> {
    inbox.files.iter().filter(move |file| file.conversation == conversation)
}

/// Takes what is ready to go with a reply.
pub fn take(inbox: &mut Inbox, conversation: ConversationId) -> Vec<Attachment> {
    let mut ready = Vec::new();
    inbox.files.retain(|file| match &file.fate {
        FileFate::Kept(kept) if file.conversation == conversation => {
            ready.push(kept.clone());
            false
        }
        _ => true,
    });
    ready
}

/// Forgets them all, or those of one conversation.
pub fn forget(inbox: &mut Inbox, of: Option<ConversationId>, effects: &mut Vec<Outer>) {
    inbox.files.retain(|file| {
        let stays = of.is_some_and(|of| of != file.conversation);
        if !stays && matches!(file.fate, FileFate::Uploading(_)) {
            effects.push(Outer::Inbox(Effect::UploadEnd(file.key)));
        }
        stays
    });
}
