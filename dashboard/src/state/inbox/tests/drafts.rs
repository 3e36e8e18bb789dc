//! What somebody wrote is never lost without a word, wherever they are when it turns out not to have been taken.

use super::*;
use crate::state::Said;

fn write(state: &mut State, number: u8, is_note: bool) -> InboxAsk {
    let id = DraftId::mint(NOW, [number; 10]);
    let effects = did(state, Event::Written { id, text: "Bonsoir !".into(), is_note, at: NOW });
    asked(&effects)[0].clone()
}

#[test]
fn a_reply_that_is_refused_after_its_writer_went_on_waits_in_its_conversation_and_its_row_says_so() {
    for is_note in [false, true] {
        let mut state = talk(1, vec![message(1, Origin::Visitor, "Bonsoir")]);
        did(&mut state, Event::FileChosen { key: 7, name: "plan.pdf".into(), bytes: 5 });
        did(&mut state, Event::FileFares(7, FileFate::Kept(attached(1))));
        let ask = write(&mut state, 5, is_note);
        list_says(&mut state, InboxEvent::Row(Box::new(row(2, 3))));
        go(&mut state, 2);
        answer(&mut state, InboxAsk::Open(conversation(2)), opened(2, Vec::new()));
        assert!(entries(&state).is_empty(), "it stands in its own conversation only");
        refuse(&mut state, ask.clone(), Kind::Unavailable);
        assert_eq!(state.said, Some(Said::NotSent));
        assert!(state.inbox.list.unsent.contains(&conversation(1)));
        let closed = ConversationRow { work: Work::Closed, ..row(1, 9) };
        list_says(&mut state, InboxEvent::Row(Box::new(closed)));
        assert!(state.inbox.list.shown.contains(&conversation(1)), "it stays in the list, whatever it shows");
        go(&mut state, 1);
        answer(&mut state, InboxAsk::Open(conversation(1)), opened(1, Vec::new()));
        let draft = state.inbox.drafts.first().cloned().expect("it is there");
        assert_eq!(draft.fate, Fate::Failed(Refusal::of(Kind::Unavailable)));
        assert_eq!(draft.files.len(), usize::from(!is_note), "with its files");
        assert_eq!(entries(&state), [Entry::Draft(draft.id)]);
        let effects = did(&mut state, Event::SentAgain(draft.id));
        assert_eq!(asked(&effects), [&ask]);
        assert!(state.inbox.list.unsent.is_empty());
    }
}

#[test]
fn a_reply_that_was_taken_while_its_writer_was_elsewhere_is_no_draft_any_more() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "Bonsoir")]);
    let ask = write(&mut state, 5, false);
    update(&mut state, Outermost::Went(Page::In(business(), Section::Team)));
    let message = message(2, Origin::Human, "Bonsoir !");
    answer(&mut state, ask, InboxAnswer::Sent(SentReply { message, is_mailed: false, row: row(1, 9) }));
    assert!(state.inbox.drafts.is_empty());
}

#[test]
fn a_colleagues_equal_words_do_not_hide_that_ones_own_were_refused() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "Bonsoir")]);
    let ask = write(&mut state, 5, false);
    thread_says(&mut state, DeskEvent::Message(message(2, Origin::Human, "Bonsoir !")));
    assert_eq!(entries(&state).len(), 2, "it may be one's own");
    refuse(&mut state, ask, Kind::Unavailable);
    assert_eq!(entries(&state).len(), 3);
}

#[test]
fn what_was_given_up_is_gone_and_so_is_what_was_written_in_an_erased_conversation_or_by_who_signs_out() {
    let mut state = talk(1, vec![message(1, Origin::Visitor, "Bonsoir")]);
    let ask = write(&mut state, 5, false);
    refuse(&mut state, ask, Kind::Unavailable);
    did(&mut state, Event::DraftDropped(DraftId::mint(NOW, [5; 10])));
    assert!(state.inbox.drafts.is_empty() && state.inbox.list.unsent.is_empty());
    write(&mut state, 6, true);
    list_says(&mut state, InboxEvent::Gone { conversation: conversation(1) });
    assert!(state.inbox.drafts.is_empty());
    let mut state = talk(1, vec![message(1, Origin::Visitor, "Bonsoir")]);
    write(&mut state, 7, false);
    update(&mut state, Outermost::Answered(Ask::SignOut, Ok(Answer::Done)));
    assert!(state.inbox.drafts.is_empty());
}

#[test]
fn the_next_conversation_begins_with_a_reply() {
    let mut state = talk(1, Vec::new());
    let noting = |state: &State| state.inbox.thread.as_ref().is_some_and(|thread| thread.noting);
    did(&mut state, Event::Noting(true));
    assert!(noting(&state));
    go(&mut state, 2);
    assert!(!noting(&state));
    go(&mut state, 1);
    assert!(!noting(&state));
}

#[test]
fn a_suggestion_says_what_it_was_made_of_so_that_it_replaces_nothing_else() {
    use shared::wire::admin::inbox::deed::{AskDraft, AskTranslation, Suggestion};
    use shared::wire::message::AiMark;
    let mut state = talk(1, Vec::new());
    let words = |text: &str| Personal::new(text.to_owned());
    let of = |state: &State| state.inbox.thread.as_ref().and_then(|it| it.suggestion.clone()).map(|it| it.of);
    let ai = AiMark { provider: "openai".into(), model: "small".into() };
    let suggested =
        || InboxAnswer::Suggestion(Suggestion { text: words("Oui, volontiers."), ai: ai.clone() });
    let draft = |intent| InboxAsk::Draft(conversation(1), AskDraft { intent });
    answer(&mut state, draft(None), suggested());
    assert_eq!(of(&state).as_deref(), Some(""));
    answer(&mut state, draft(Some(words("yes"))), suggested());
    assert_eq!(of(&state).as_deref(), Some("yes"));
    let body = AskTranslation { text: words("Yes."), into: "fr".into() };
    answer(&mut state, InboxAsk::Translation(conversation(1), None, body), suggested());
    assert_eq!(of(&state).as_deref(), Some("Yes."));
    did(&mut state, Event::SuggestionTaken);
    assert_eq!(of(&state), None);
}
