//! A deployment in this process.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use axum::body::Body;
use edge::app::{App, Parts};
use edge::config::Config;
use edge::http::{Edge, routes};
use edge::jobs::{self, Hands};
use edge::objects::conversation::caller::Conversations;
use edge::objects::inbox::caller::Inboxes;
use edge::ops::business::{self, Seed};
use edge::ops::{mail, webhook};
use edge::platform::assets::Asset;
use edge::platform::limiter::Limiter;
use edge::platform::{Assets, Blobs, Clock, Db, Http, Queue, Rng};
use edge::sealing::{Keyring, MasterKeys};
use edge::store::scope::OperatorScope;
use http::{Request, Response};
use shared::id::{BusinessId, SiteId};
use shared::time::Millis;
use tower::ServiceExt;

/// When tests begin: 21 November 2026, 18:00 UTC.
pub const NOW: Millis = Millis::new(1_795_284_000_000);

/// 32 bytes in base64; as secret as this repository.
const MASTER_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// The root of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

fn migrations(folder: &str) -> Vec<String> {
    let folder = repository().join("migrations").join(folder);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read_to_string(file).unwrap_or_default()).collect()
}

/// The directory's migrations, in order.
pub fn directory_migrations() -> Vec<String> {
    migrations("directory")
}

/// A shard's migrations, in order.
pub fn shard_migrations() -> Vec<String> {
    migrations("shard")
}

/// What a deployment is set up with.
pub struct Options {
    /// Variables beside the usual ones.
    pub variables: Vec<(&'static str, String)>,
    /// Calls to vendors.
    pub http: Http,
    /// Conversations and visitors that one address may open before it is told to wait.
    pub burst: u32,
    /// Messages that one address may write before it is told to wait.
    pub message_burst: u32,
    /// Visitors, conversations and messages of one site before it is told to wait.
    pub site_burst: u32,
    /// Seeds the dice.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            variables: Vec::new(),
            http: Http::silent(),
            burst: 1_000,
            message_burst: 10_000,
            site_burst: 10_000,
            seed: 7,
        }
    }
}

/// A deployment with two shards.
pub struct Deployment {
    /// Everything that operations use.
    pub app: Rc<App>,
    /// Its conversations.
    pub conversations: Rc<Conversations>,
    /// The inboxes of its businesses.
    pub inboxes: Rc<Inboxes>,
    /// The time.
    pub clock: Clock,
    /// The bucket of keys.
    pub keys: Blobs,
    /// The bucket of what people attach.
    pub files: Blobs,
    /// The queue of what leaves.
    pub outbound: Queue,
    /// The directory's database.
    pub directory: Db,
    /// The shards' databases.
    pub shards: Vec<Db>,
    edge: Edge,
}

impl Deployment {
    /// A deployment without businesses.
    pub fn new(options: Options) -> Self {
        let text = directory_migrations();
        let directory: Vec<&str> = text.iter().map(String::as_str).collect();
        let directory = Db::in_memory(&directory).expect("the directory's migrations apply");
        let text = shard_migrations();
        let shard: Vec<&str> = text.iter().map(String::as_str).collect();
        let shards: Vec<Db> =
            (0..2).map(|_| Db::in_memory(&shard).expect("a shard's migrations apply")).collect();
        Self::over(options, directory, shards, Blobs::in_memory())
    }

    /// A deployment over databases and keys that are there already, as after a restore.
    pub fn over(options: Options, directory: Db, shards: Vec<Db>, keys: Blobs) -> Self {
        let clock = Clock::at(NOW);
        let rng = Rng::seeded(options.seed);
        let outbound = Queue::default();
        let files = Blobs::in_memory();
        let config = Config::read(|name| {
            let given = options.variables.iter().find(|(variable, _)| *variable == name);
            match (given, name) {
                (Some((_, value)), _) => Some(value.clone()).filter(|value| !value.is_empty()),
                (None, "ENV") => Some("dev".into()),
                (None, "PUBLIC_ORIGIN") => Some("https://chat.example.eu".into()),
                (None, "MASTER_KEY") => Some(MASTER_KEY.into()),
                _ => None,
            }
        });
        let master = config.master.clone().unwrap_or_else(MasterKeys::none);
        let app = Rc::new(App::new(Parts {
            keyring: Keyring::new(keys.clone(), master, clock.clone(), rng.clone()),
            config,
            directory: directory.clone(),
            shards: shards.clone(),
            http: options.http,
            outbound: outbound.clone(),
            files: files.clone(),
            assets: assets(),
            clock: clock.clone(),
            rng,
        }));
        let conversations = Rc::new(Conversations::new(Rc::clone(&app)));
        let inboxes = Rc::new(Inboxes::default());
        let edge = Edge::new(
            Rc::clone(&app),
            Rc::clone(&conversations),
            Rc::clone(&inboxes),
            Limiter::of(options.burst, options.message_burst, options.site_burst),
        );
        Self { app, conversations, inboxes, clock, keys, files, outbound, directory, shards, edge }
    }

    /// A deployment with two businesses, one in each shard: the first is the one tests talk to, the second must
    /// never show.
    pub async fn with_two_businesses(options: Options) -> Self {
        let deployment = Self::new(options);
        for number in 0..2 {
            deployment.seed(&seed(number)).await;
        }
        deployment
    }

    /// Creates a business.
    pub async fn seed(&self, seed: &Seed) {
        business::business_seed(&self.app, &OperatorScope::of_deployment(), seed)
            .await
            .expect("the business is created");
    }

    /// Answers a request as the Worker does.
    pub async fn call(&self, request: Request<Body>) -> Response<Body> {
        let router = routes::router(self.edge.clone());
        let response = match router.oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        jobs::lateness_look(&self.app).await;
        mail::mails_noted_wake(&self.app).await;
        webhook::hooks_noted_wake(&self.app).await;
        response
    }

    /// Hands every message that lies in the queue to the consumer, whatever its delay; those that it sends in turn stay.
    pub async fn deliver(&self) {
        for (text, _) in self.outbound.take() {
            mail::wake_take(&self.app, &text).await.expect("the consumer takes a message");
        }
    }

    /// Runs the jobs of a cron trigger, as of `scheduled_at`.
    pub async fn run_due(&self, cron: &str, scheduled_at: Millis) {
        jobs::run_due(Hands { app: &self.app, rooms: &*self.conversations }, cron, scheduled_at).await;
        mail::mails_noted_wake(&self.app).await;
    }

    /// How many mails of a kind were written so far.
    pub async fn mails_count(&self, kind: &str) -> usize {
        let scope = OperatorScope::of_deployment();
        let mails = edge::store::mail::mails_latest(&self.directory, &scope, 200).await.unwrap();
        mails.iter().filter(|mail| mail.kind.as_str() == kind).count()
    }

    /// Lets turns run to their end.
    pub async fn settle(&self) {
        self.conversations.settle().await;
    }
}

/// The site of business `number`.
pub fn site_id(number: u8) -> SiteId {
    SiteId::mint(NOW, [number.wrapping_add(10); 10])
}

/// The id of business `number`.
pub fn business_id(number: u8) -> BusinessId {
    BusinessId::mint(NOW, [number.wrapping_add(20); 10])
}

/// A small business: number 0 lives in shard 0, number 1 in shard 1.
pub fn seed(number: u8) -> Seed {
    serde_json::from_value(serde_json::json!({
        "shard": number,
        "business": {
            "id": business_id(number),
            "name": format!("Hôtel {number}"),
            "controller": format!("Hôtel {number} SARL, Cassis, France"),
            "contact": format!("desk{number}@hotel.example"),
            "officer": format!("dpo{number}@hotel.example"),
            "country": "FR",
        },
        "site": {
            "id": site_id(number),
            "name": "Main site",
            "allowed_origins": [format!("https://hotel{number}.example"), format!("https://*.hotel{number}.example")],
            "languages": ["en", "fr"],
            "greeting": { "en": "Good evening!", "fr": "Bonsoir !" },
            "quick_questions": { "en": ["When is breakfast?"], "fr": ["À quelle heure est le petit-déjeuner ?"] },
            "color": "#1f6f5c",
            "opening": { "timezone": "Europe/Paris", "weekly": { "mon": ["08:00-12:30"] }, "holidays": [] },
            "instructions": "Be kind.",
            "answerers": ["openai", "anthropic", "builtin"],
            "daily_calls": 100,
            "daily_tokens": 1_000_000,
            "retention_days": null,
        },
        "knowledge": [
            { "locale": "en", "title": "Breakfast", "body": format!("Breakfast is served from 7:{number}0 to 10:30 under the lime trees.") },
            { "locale": "fr", "title": "Animaux", "body": "Un chien par chambre est le bienvenu pour 12 € la nuit." },
        ],
    }))
    .expect("the seed has the right shape")
}

fn assets() -> Assets {
    let file = |path: &str, media_type: &str, text: &str| {
        (path.to_owned(), Asset { bytes: text.as_bytes().to_vec(), media_type: media_type.to_owned() })
    };
    Assets::in_memory([
        file(
            "/frame/index.html",
            "text/html",
            "<html lang=\"%LANG%\" dir=\"%DIR%\"><script type=\"application/json\" id=\"loquet-frame\">%FRAME%</script><p title=\"%TITLE%\">%t.send%</p>100 % done",
        ),
        file(
            "/frame/locales.json",
            "application/json",
            "{\"en\":\"/words.json\",\"fr\":\"/words.json\",\"ar\":\"/words.json\"}",
        ),
        file(
            "/frame/policy.json",
            "application/json",
            "{\"style\":\"'sha256-c3R5bGU='\",\"script\":\"'sha256-c2NyaXB0'\"}",
        ),
        file(
            "/frame/loader.json",
            "application/json",
            "{\"path\":\"/embed.0123456789abcdef.js\",\"integrity\":\"sha384-AAAA\"}",
        ),
        file("/words.json", "application/json", "{\"dialog\":\"Chat with {business}\",\"send\":\"Send\"}"),
        file("/demo/index.html", "text/html", "<script src=\"%ORIGIN%/embed.js\"></script>"),
    ])
}
