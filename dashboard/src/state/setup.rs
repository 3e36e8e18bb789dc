//! How a chat is set up: sites and knowledge. A part of the state of its own, with what is asked for it and what comes of
//! that.

use shared::id::{BusinessId, KnowledgeId, SiteId, WebhookId};
use shared::wire::admin::install::{CheckInstall, Installation, Snippet};
use shared::wire::admin::knowledge::{KnowledgePage, KnowledgeTrial, TryKnowledge, WriteKnowledge};
use shared::wire::admin::site::{
    AskPreview, MadeIdentitySecret, OpenSite, OpenedSite, Preview, Site, SiteForm,
};

use super::{Answer, Ask, Effect, Form, Page, Refusal, Said, Section, Slot, State};

use shared::wire::admin::team::Role;
use shared::wire::admin::vendor::{SetVendorKey, TestedVendor, Vendors};
use shared::wire::admin::webhook::{HookDeliveries, MadeWebhook, Webhooks, WriteWebhook};

/// Which entries are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// Words as they stand in an entry.
    pub words: String,
    /// A language, or any.
    pub locale: String,
    /// Only those before this one.
    pub before: Option<KnowledgeId>,
}

/// One thing asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setup {
    /// A site.
    Site(SiteId),
    /// A further site.
    SiteOpen(OpenSite),
    /// Other settings for one.
    SiteChange(SiteId, Box<SiteForm>),
    /// How it would look.
    Preview(SiteId, Box<AskPreview>),
    /// A secret that names its visitors.
    IdentityMake(SiteId),
    /// The end of it.
    IdentityDrop(SiteId),
    /// What to paste.
    Snippet(SiteId),
    /// Whether it is on a page.
    Check(SiteId, CheckInstall),
    /// The AI providers.
    Vendors,
    /// A key for one.
    VendorSet(String, SetVendorKey),
    /// The end of it.
    VendorDrop(String),
    /// Whether it works.
    VendorTest(String),
    /// The doors of the business's own systems.
    Webhooks,
    /// A further one.
    WebhookMake(WriteWebhook),
    /// Another address, or other events.
    WebhookChange(WebhookId, WriteWebhook),
    /// Another secret.
    WebhookRotate(WebhookId),
    /// The end of one.
    WebhookDrop(WebhookId),
    /// Whether it hears.
    WebhookTest(WebhookId),
    /// What was told to it.
    Deliveries(WebhookId),
    /// To tell an event again.
    Replay(WebhookId, String),
    /// A page of knowledge.
    Knowledge(Query),
    /// A further entry.
    KnowledgeAdd(WriteKnowledge),
    /// Other words for one.
    KnowledgeChange(KnowledgeId, WriteKnowledge),
    /// The end of one.
    KnowledgeDelete(KnowledgeId),
    /// What answers a question.
    Try(TryKnowledge),
    /// Whether anything answers one that visitors are offered to tap.
    Quick(TryKnowledge),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "it is handed over once and unpacked at once")]
pub enum SetUp {
    /// A site.
    Site(Site),
    /// A further one.
    Opened(OpenedSite),
    /// Where a preview is.
    Preview(Preview),
    /// A secret.
    Identity(MadeIdentitySecret),
    /// What to paste.
    Snippet(Snippet),
    /// What was found on a page.
    Checked(Installation),
    /// The AI providers.
    Vendors(Vendors),
    /// Whether a key works.
    VendorTested(TestedVendor),
    /// The doors.
    Webhooks(Webhooks),
    /// A door was made, or its secret.
    WebhookMade(MadeWebhook),
    /// What was told to a door.
    Deliveries(WebhookId, HookDeliveries),
    /// A page of knowledge.
    Knowledge(KnowledgePage),
    /// An entry was added.
    KnowledgeAdded,
    /// What answers a question.
    Trial(KnowledgeTrial),
}

/// Where on a page something was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetupForm {
    SiteOpen,
    Site,
    Identity,
    Check,
    /// The providers by their place in the list.
    Vendor(usize),
    WebhookMake,
    Webhook(WebhookId),
    KnowledgeAdd,
    Knowledge(KnowledgeId),
    Search,
    Try,
}

/// What is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SetupState {
    /// The site of the page.
    pub site: Slot<Site>,
    /// Counts what came of it that differs from what is drawn; a form that somebody types into stays as it is.
    pub site_drawn: u32,
    /// Where its preview is.
    pub preview: Option<String>,
    /// What it is to show: of several on their way, the last one counts.
    previewed: Option<Box<AskPreview>>,
    /// The secret that was just made, until it was taken.
    pub identity_made: Option<MadeIdentitySecret>,
    /// What to paste.
    pub snippet: Slot<Snippet>,
    /// What was found on a page.
    pub installation: Option<Installation>,
    /// The AI providers.
    pub vendors: Slot<Vendors>,
    /// The doors of the business's own systems.
    pub webhooks: Slot<Webhooks>,
    /// The secret that was just made, until it was taken.
    pub webhook_made: Option<MadeWebhook>,
    /// What was told to the door that was looked at last.
    pub deliveries: Option<(WebhookId, HookDeliveries)>,
    /// What the business knows, as far as it was read.
    pub knowledge: Slot<KnowledgePage>,
    /// Which entries were asked for.
    pub query: Query,
    /// What came of the last trial.
    pub trial: Option<KnowledgeTrial>,
    /// Questions to tap that were tried, and whether something answers them.
    pub quick: Vec<(TryKnowledge, Option<bool>)>,
}

impl Setup {
    /// The site that it is about.
    const fn site(&self) -> Option<SiteId> {
        match self {
            Self::Site(site)
            | Self::SiteChange(site, _)
            | Self::Preview(site, _)
            | Self::IdentityMake(site)
            | Self::IdentityDrop(site)
            | Self::Snippet(site)
            | Self::Check(site, _) => Some(*site),
            _ => None,
        }
    }

    /// The form that it was asked from; `None` for what a page asks by itself.
    pub fn form(&self) -> Option<Form> {
        Some(Form::Setup(match self {
            Self::Site(_) | Self::Preview(..) | Self::Snippet(_) | Self::Vendors | Self::Webhooks => {
                return None;
            }
            Self::Quick(_) => return None,
            Self::WebhookMake(_) => SetupForm::WebhookMake,
            Self::WebhookChange(id, _)
            | Self::WebhookRotate(id)
            | Self::WebhookDrop(id)
            | Self::WebhookTest(id)
            | Self::Deliveries(id)
            | Self::Replay(id, _) => SetupForm::Webhook(*id),
            Self::Check(..) => SetupForm::Check,
            Self::VendorSet(name, _) | Self::VendorDrop(name) | Self::VendorTest(name) => {
                SetupForm::Vendor(vendor_place(name))
            }
            Self::Knowledge(query) => match query.before {
                Some(_) => return Some(Form::More),
                None => SetupForm::Search,
            },
            Self::SiteOpen(_) => SetupForm::SiteOpen,
            Self::SiteChange(..) => SetupForm::Site,
            Self::IdentityMake(_) | Self::IdentityDrop(_) => SetupForm::Identity,
            Self::KnowledgeAdd(_) => SetupForm::KnowledgeAdd,
            Self::KnowledgeChange(entry, _) | Self::KnowledgeDelete(entry) => SetupForm::Knowledge(*entry),
            Self::Try(_) => SetupForm::Try,
        }))
    }
}

/// Asks for what a page shows.
pub fn settle(business: BusinessId, page: &Page, state: &mut State, effects: &mut Vec<Effect>) {
    let setup = match page {
        Page::Site(_, site, _) => Setup::Site(*site),
        Page::In(_, Section::Knowledge) => {
            Setup::Knowledge(Query { before: None, ..state.setup.query.clone() })
        }
        Page::In(_, Section::Ai) if state.reaches(Role::Admin) => Setup::Vendors,
        Page::In(_, Section::Webhooks) if state.reaches(Role::Admin) => Setup::Webhooks,
        _ => return,
    };
    if let Page::Site(_, site, super::SitePart::Install) = page {
        super::load::fetch(state, Ask::Setup(business, Setup::Snippet(*site)), effects);
    }
    super::load::fetch(state, Ask::Setup(business, setup), effects);
}

/// Another page: what was shown of the one before is not shown again while the next is on its way.
pub fn leave(state: &mut State) {
    state.setup = SetupState::default();
}

/// Tells the slot that something is asked for.
pub fn begin(state: &mut SetupState, setup: &Setup) {
    match setup {
        Setup::Site(_) => state.site.begin(),
        Setup::Snippet(_) => state.snippet.begin(),
        Setup::Vendors => state.vendors.begin(),
        Setup::Webhooks => state.webhooks.begin(),
        Setup::Preview(_, asked) => state.previewed = Some(asked.clone()),
        Setup::Check(..) => state.installation = None,
        Setup::Quick(asked) => state.quick.push((asked.clone(), None)),
        Setup::Knowledge(query) => {
            state.query = query.clone();
            state.knowledge.begin();
        }
        _ => {}
    }
}

/// A slot did not get what it was to hold.
pub fn refuse(state: &mut SetupState, setup: &Setup, refusal: Refusal) {
    match setup {
        Setup::Site(_) => state.site.refuse(refusal),
        Setup::Snippet(_) => state.snippet.refuse(refusal),
        Setup::Vendors => state.vendors.refuse(refusal),
        Setup::Webhooks => state.webhooks.refuse(refusal),
        Setup::Knowledge(_) => state.knowledge.refuse(refusal),
        _ => {}
    }
}

/// What is answered is about another site than the page's, or about what nobody looks for any more.
pub fn is_late(state: &State, ask: &Ask) -> bool {
    let Ask::Setup(_, setup) = ask else { return false };
    let here = match &state.page {
        Page::Site(_, site, _) => Some(*site),
        // The first steps are those of the first site.
        _ if is_at_steps(state) => first_site(state),
        _ => None,
    };
    let elsewhere = setup.site().is_some_and(|site| here != Some(site));
    elsewhere
        || match setup {
            Setup::Preview(_, asked) => state.setup.previewed.as_ref() != Some(asked),
            Setup::Knowledge(query) => state.setup.query != *query,
            _ => false,
        }
}

/// Something was answered.
pub fn answered(
    state: &mut State,
    (business, setup): (BusinessId, &Setup),
    answer: SetUp,
    effects: &mut Vec<Effect>,
) {
    let is_typed = state.unsaved.holds(Form::Setup(SetupForm::Site));
    let house = &mut state.setup;
    match answer {
        SetUp::Site(site) => {
            if !is_typed && house.site.value.as_ref() != Some(&site) {
                house.site_drawn = house.site_drawn.wrapping_add(1);
            }
            house.site.fill(site);
        }
        SetUp::Snippet(snippet) => house.snippet.fill(snippet),
        SetUp::Checked(found) => {
            let runs = found.runs;
            house.installation = Some(found);
            if runs && is_at_steps(state) {
                super::load::fetch(state, Ask::Business(business), effects);
            }
        }
        SetUp::Webhooks(webhooks) => house.webhooks.fill(webhooks),
        SetUp::Deliveries(id, deliveries) => house.deliveries = Some((id, deliveries)),
        SetUp::WebhookMade(made) => {
            house.webhook_made = Some(made);
            super::load::fetch(state, Ask::Setup(business, Setup::Webhooks), effects);
        }
        SetUp::Vendors(vendors) => house.vendors.fill(vendors),
        SetUp::VendorTested(_) => {
            super::load::fetch(state, Ask::Setup(business, Setup::Vendors), effects);
        }
        SetUp::Preview(preview) => house.preview = Some(preview.address),
        SetUp::Trial(trial) => match setup {
            Setup::Quick(asked) => {
                for (_, answered) in house.quick.iter_mut().filter(|(tried, _)| tried == asked) {
                    *answered = Some(trial.answer.is_some());
                }
            }
            _ => house.trial = Some(trial),
        },
        SetUp::Identity(made) => {
            house.identity_made = Some(made);
            if let Setup::IdentityMake(site) = setup {
                super::load::fetch(state, Ask::Setup(business, Setup::Site(*site)), effects);
            }
        }
        SetUp::Opened(opened) => {
            let page = Page::Site(business, opened.site, super::SitePart::Settings);
            effects.push(Effect::Go(page.clone()));
            super::load::enter(state, &page, effects);
            state.said = Some(Said::SiteOpened);
        }
        SetUp::Knowledge(page) => {
            let more = matches!(setup, Setup::Knowledge(query) if query.before.is_some());
            let before = house.knowledge.value.take().filter(|_| more);
            let mut entries = before.map(|page| page.entries).unwrap_or_default();
            entries.extend(page.entries);
            house.knowledge.fill(KnowledgePage { entries, ..page });
        }
        SetUp::KnowledgeAdded => {
            state.said = Some(Said::KnowledgeKept);
            // The first steps show that it is done; the page of the knowledge shows the entry.
            if is_at_steps(state) {
                super::load::fetch(state, Ask::Business(business), effects);
            } else {
                knowledge_again(state, business, effects);
            }
        }
    }
}

impl SetupState {
    /// Those of these questions that nothing answers, as far as it is known.
    pub fn unanswered(&self, questions: &[TryKnowledge]) -> Vec<TryKnowledge> {
        let is_open = |asked: &&TryKnowledge| {
            self.quick.iter().any(|(tried, answered)| tried == *asked && *answered == Some(false))
        };
        questions.iter().filter(is_open).cloned().collect()
    }

    /// Those of them that were not tried yet.
    pub fn untried(&self, questions: &[TryKnowledge]) -> Vec<TryKnowledge> {
        questions
            .iter()
            .filter(|asked| self.quick.iter().all(|(tried, _)| tried != *asked))
            .cloned()
            .collect()
    }
}

fn is_at_steps(state: &State) -> bool {
    state.page.section() == Some(Section::Overview)
}

fn first_site(state: &State) -> Option<SiteId> {
    state.business.value.as_ref()?.sites.first().map(|site| site.id)
}

/// It is known which sites there are: asks what the first steps say to paste.
pub fn sites_known(state: &mut State, effects: &mut Vec<Effect>) {
    let is_known = state.setup.snippet.value.is_some() || state.setup.snippet.loading;
    if !is_at_steps(state) || is_known {
        return;
    }
    let business = state.business.value.as_ref().map(|business| business.id);
    if let Some((business, site)) = business.zip(first_site(state)) {
        super::load::fetch(state, Ask::Setup(business, Setup::Snippet(site)), effects);
    }
}

/// Something was done that has no answer of its own.
pub fn done(state: &mut State, business: BusinessId, setup: &Setup, effects: &mut Vec<Effect>) {
    state.said = Some(match setup {
        Setup::KnowledgeChange(..) => Said::KnowledgeKept,
        Setup::KnowledgeDelete(_) => Said::KnowledgeDeleted,
        Setup::IdentityDrop(_) => Said::IdentityDropped,
        Setup::WebhookDrop(_) => Said::WebhookDropped,
        Setup::WebhookTest(_) | Setup::Replay(..) => Said::WebhookTold,
        Setup::VendorSet(..) => Said::VendorKeyKept,
        Setup::VendorDrop(_) => Said::VendorKeyDropped,
        _ => Said::Saved,
    });
    match setup {
        // What stands in the form is what was kept; the names elsewhere follow.
        Setup::SiteChange(_, form) => {
            if let Some(site) = &mut state.setup.site.value {
                site.form = (**form).clone();
            }
            super::load::fetch(state, Ask::Business(business), effects);
        }
        Setup::IdentityDrop(site) => {
            state.setup.identity_made = None;
            super::load::fetch(state, Ask::Setup(business, Setup::Site(*site)), effects);
        }
        Setup::WebhookChange(..) | Setup::WebhookDrop(_) => {
            super::load::fetch(state, Ask::Setup(business, Setup::Webhooks), effects);
        }
        Setup::WebhookTest(id) | Setup::Replay(id, _) => {
            super::load::fetch(state, Ask::Setup(business, Setup::Deliveries(*id)), effects);
        }
        Setup::VendorSet(..) | Setup::VendorDrop(_) => {
            super::load::fetch(state, Ask::Setup(business, Setup::Vendors), effects);
        }
        Setup::KnowledgeChange(..) | Setup::KnowledgeDelete(_) => knowledge_again(state, business, effects),
        _ => {}
    }
}

/// A number that stands for a provider in the name of a form: what is typed nowhere.
fn vendor_place(name: &str) -> usize {
    name.bytes().fold(7, |sum, letter| sum.wrapping_mul(31).wrapping_add(usize::from(letter)))
}

/// The form of a provider's key.
pub fn vendor_form(name: &str) -> Form {
    Form::Setup(SetupForm::Vendor(vendor_place(name)))
}

fn knowledge_again(state: &mut State, business: BusinessId, effects: &mut Vec<Effect>) {
    let query = Query { before: None, ..state.setup.query.clone() };
    super::load::fetch(state, Ask::Setup(business, Setup::Knowledge(query)), effects);
}

/// The answer as the one list of answers has it.
pub fn answer(set_up: SetUp) -> Answer {
    Answer::Setup(Box::new(set_up))
}
