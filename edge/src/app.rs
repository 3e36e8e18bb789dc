//! The composition root: everything that an operation may use, put together in one place. On workerd this is the
//! only file that names a binding.

use std::sync::{Arc, Mutex};

use shared::id::{AccountId, BusinessId, MailId, SiteId};
use shared::limits::{FILE_PLACE_MS, FILES_AT_ONCE};
use shared::privacy::Personal;
use shared::time::Millis;
use shared::wire::admin::inbox::settings::HandOff;
use shared::wire::problem::Kind;

use crate::config::Config;
use crate::ops::notice::register_read;
use crate::ops::{Fault, OpError};
use crate::platform::places::Places;
use crate::platform::{Assets, Blobs, Clock, Db, Http, Queue, Recent, Rng};
use crate::providers::Health;
use crate::rules::credential::TokenKey;
use crate::rules::processor::Register;
use crate::sealing::Keyring;
use crate::store::inbox_setting;
use crate::store::notice;
use crate::store::scope::{BusinessScope, OperatorScope, PublicScope};
use crate::store::site::{self, Site};

/// A deployment, as one isolate holds it.
pub struct App {
    /// The configuration.
    pub config: Config,
    /// Businesses, sites and jobs.
    pub directory: Db,
    shards: Vec<Db>,
    /// The keys that content is sealed under.
    pub keyring: Keyring,
    /// Calls to vendors.
    pub http: Http,
    /// What wakes the consumer that sends mail.
    pub outbound: Queue,
    /// What people attached, sealed.
    pub files: Blobs,
    /// Room for uploads.
    pub uploads: Places,
    /// The deployment's own files.
    pub assets: Assets,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub rng: Rng,
    /// Which provider failed lately.
    pub health: Health,
    token_key: Option<TokenKey>,
    sites: Recent<SiteId, Arc<Site>>,
    businesses: Recent<BusinessId, BusinessScope>,
    hand_offs: Recent<BusinessId, HandOff>,
    registers: Recent<(), Option<Arc<Register>>>,
    /// Members' names, opened a few seconds ago at most; `None` where an account is no member.
    pub(crate) names: Recent<(BusinessId, AccountId), Option<Personal<String>>>,
    mails_noted: Mutex<Vec<MailId>>,
    hooks_noted: Mutex<Vec<BusinessScope>>,
    jobs_looked: Mutex<Option<Millis>>,
}

/// What an `App` is put together from.
pub struct Parts {
    /// The configuration.
    pub config: Config,
    /// The directory.
    pub directory: Db,
    /// The shards, in order.
    pub shards: Vec<Db>,
    /// The keys.
    pub keyring: Keyring,
    /// Calls to vendors.
    pub http: Http,
    /// The queue of what leaves.
    pub outbound: Queue,
    /// The bucket of what people attach.
    pub files: Blobs,
    /// The deployment's own files.
    pub assets: Assets,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub rng: Rng,
}

impl App {
    /// Puts a deployment together.
    pub fn new(parts: Parts) -> Self {
        let token_key = parts.config.master.as_ref().and_then(|master| master.derive("lq/token").ok());
        Self {
            config: parts.config,
            directory: parts.directory,
            shards: parts.shards,
            keyring: parts.keyring,
            http: parts.http,
            outbound: parts.outbound,
            files: parts.files,
            uploads: Places::new(FILES_AT_ONCE, FILE_PLACE_MS),
            assets: parts.assets,
            clock: parts.clock,
            rng: parts.rng,
            health: Health::default(),
            token_key: token_key.map(TokenKey::new),
            sites: Recent::default(),
            businesses: Recent::default(),
            hand_offs: Recent::default(),
            registers: Recent::default(),
            names: Recent::default(),
            mails_noted: Mutex::default(),
            hooks_noted: Mutex::default(),
            jobs_looked: Mutex::default(),
        }
    }

    /// The one way to a shard: by the scope of the business that lives in it.
    pub fn shard(&self, scope: &BusinessScope) -> Result<&Db, OpError> {
        Ok(self
            .shards
            .get(scope.shard())
            .ok_or(Fault::Config("a business names a shard that is not bound"))?)
    }

    /// Every shard, for jobs.
    pub fn shards(&self, _scope: &OperatorScope) -> &[Db] {
        &self.shards
    }

    /// What signs tokens and tickets.
    pub fn token_key(&self) -> Result<&TokenKey, OpError> {
        Ok(self.token_key.as_ref().ok_or(Fault::Config("MASTER_KEY is missing or malformed"))?)
    }

    /// Notes a mail that was committed to the outbox. The consumer is woken for it after the answer has gone out, so
    /// that a request which sends mail takes no longer than one that does not.
    pub fn mail_note(&self, id: MailId) {
        if let Ok(mut noted) = self.mails_noted.lock() {
            noted.push(id);
        }
    }

    /// Takes every mail that was noted.
    pub fn mails_noted_take(&self) -> Vec<MailId> {
        self.mails_noted.lock().map(|mut noted| std::mem::take(&mut *noted)).unwrap_or_default()
    }

    /// Notes a business in whose chat something happened. Its doors are looked at after the answer has gone out.
    pub fn hooks_note(&self, scope: BusinessScope) {
        if let Ok(mut noted) = self.hooks_noted.lock()
            && !noted.contains(&scope)
        {
            noted.push(scope);
        }
    }

    /// Takes every business that was noted.
    pub fn hooks_noted_take(&self) -> Vec<BusinessScope> {
        self.hooks_noted.lock().map(|mut noted| std::mem::take(&mut *noted)).unwrap_or_default()
    }

    /// Whether it is time to look after the jobs: nobody did within `pause_ms`. Asked once, it is not time again.
    pub fn jobs_look_is_due(&self, now: Millis, pause_ms: i64) -> bool {
        let Ok(mut looked) = self.jobs_looked.lock() else { return false };
        let due = looked.is_none_or(|at| now.since_ms(at) >= pause_ms);
        if due {
            *looked = Some(now);
        }
        due
    }

    /// A site, a few seconds old at most. Fails with `NotFound`.
    pub async fn site(&self, id: SiteId) -> Result<Arc<Site>, OpError> {
        let now = self.clock.now();
        if let Some(site) = self.sites.get(&id, now) {
            return Ok(site);
        }
        let found = site::site_find(&self.directory, &PublicScope::new(id)).await?.ok_or(Kind::NotFound)?;
        let found = Arc::new(found);
        self.sites.put(id, Arc::clone(&found), now);
        Ok(found)
    }

    /// A site was changed here: the next request sees it as it is. Other isolates see it in a few seconds.
    pub fn site_forget(&self, id: SiteId) {
        self.sites.forget(&id);
    }

    /// The register of sub-processors in force, a few seconds old at most. `None` where everything that is configured may be
    /// used: no edition was noted yet, or this is a developer's machine.
    pub async fn register(&self) -> Result<Option<Arc<Register>>, OpError> {
        if self.config.dev {
            return Ok(None);
        }
        let now = self.clock.now();
        if let Some(register) = self.registers.get(&(), now) {
            return Ok(register);
        }
        let found = notice::register_in_force(&self.directory, now).await?;
        let register = register_read(found.as_deref())?.map(Arc::new);
        self.registers.put((), register.clone(), now);
        Ok(register)
    }

    /// When the machine of a business hands over, a few seconds old at most.
    pub async fn hand_off(&self, scope: &BusinessScope) -> Result<HandOff, OpError> {
        let now = self.clock.now();
        if let Some(settings) = self.hand_offs.get(&scope.business(), now) {
            return Ok(settings);
        }
        let settings = inbox_setting::hand_off_find(&self.directory, scope).await?;
        self.hand_offs.put(scope.business(), settings.clone(), now);
        Ok(settings)
    }

    /// Where an active business lives, as of a few seconds ago at most. Naming a business proves nothing: the caller
    /// checks a credential in its shard.
    pub async fn business(&self, id: BusinessId) -> Result<Option<BusinessScope>, OpError> {
        let now = self.clock.now();
        if let Some(scope) = self.businesses.get(&id, now) {
            return Ok(Some(scope));
        }
        let shard = site::business_shard(&self.directory, &OperatorScope::of_deployment(), id).await?;
        let scope = shard.map(|shard| BusinessScope::new(id, shard));
        if let Some(scope) = scope {
            self.businesses.put(id, scope, now);
        }
        Ok(scope)
    }
}

#[cfg(target_arch = "wasm32")]
mod bindings {
    //! The names that `wrangler.toml` gives.

    use std::cell::OnceCell;
    use std::rc::Rc;

    use super::{App, Parts};
    use crate::config::Config;
    use crate::objects::conversation::caller::Conversations;
    use crate::objects::inbox::caller::Inboxes;
    use crate::platform::limiter::Limiter;
    use crate::platform::{Assets, Blobs, Clock, Db, Http, Queue, Rng};
    use crate::sealing::{Keyring, MasterKeys};

    thread_local! {
        // Bindings outlive a request, and the keyring's cache is worth keeping; nothing of a request stands here.
        static APP: OnceCell<Rc<App>> = const { OnceCell::new() };
    }

    impl App {
        /// The deployment behind an environment, put together once an isolate.
        pub fn of(env: &worker::Env) -> worker::Result<Rc<Self>> {
            APP.with(|cell| {
                if let Some(app) = cell.get() {
                    return Ok(Rc::clone(app));
                }
                let app = Rc::new(Self::build(env)?);
                Ok(Rc::clone(cell.get_or_init(|| app)))
            })
        }

        fn build(env: &worker::Env) -> worker::Result<Self> {
            let get = |name: &str| {
                let value = env.var(name).ok()?.to_string();
                (!value.trim().is_empty()).then_some(value)
            };
            let config = Config::read(get);
            let (clock, rng) = (Clock::default(), Rng::system());
            let master = config.master.clone().unwrap_or_else(MasterKeys::none);
            let keys = Blobs::new(env.bucket("KEYS")?);
            Ok(Self::new(Parts {
                directory: Db::new(env.d1("DIRECTORY")?),
                shards: vec![Db::new(env.d1("SHARD_0")?), Db::new(env.d1("SHARD_1")?)],
                keyring: Keyring::new(keys, master, clock.clone(), rng.clone()),
                http: Http::new(config.origins()),
                outbound: Queue::new(env.queue("OUTBOUND")?),
                files: Blobs::new(env.bucket("FILES")?),
                assets: Assets::new(env.assets("ASSETS")?),
                config,
                clock,
                rng,
            }))
        }

        /// What counts bursts: by address, and by site.
        pub fn limiter(env: &worker::Env) -> worker::Result<Limiter> {
            Ok(Limiter {
                visits: env.rate_limiter("RATE_VISITOR")?,
                messages: env.rate_limiter("RATE_MESSAGE")?,
                site: env.rate_limiter("RATE_SITE")?,
            })
        }

        /// How the Worker and conversations reach inboxes.
        pub fn inboxes(&self, env: &worker::Env) -> worker::Result<Inboxes> {
            Ok(Inboxes::new(env.durable_object("INBOX")?, self.config.jurisdiction.clone()))
        }

        /// How the Worker reaches conversations.
        pub fn conversations(&self, env: &worker::Env) -> worker::Result<Conversations> {
            Ok(Conversations::new(env.durable_object("CONVERSATION")?, self.config.jurisdiction.clone()))
        }
    }
}
