//! How a site's chat comes onto a page: what to paste, and a look at the page whether it is there and may run.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::StreamExt;
use futures::future::{Either, select};
use serde::Deserialize;
use sha2::{Digest, Sha384};
use shared::id::SiteId;
use shared::limits::{VISIT_BYTES, VISIT_MS, VISIT_REDIRECTS};
use shared::rules::address::PublicAddress;
use shared::wire::admin::install::{Finding, FindingKind, Installation, Snippet, Weight};
use shared::wire::admin::site::Side;
use shared::wire::problem::Kind;

use super::site::site_own;
use super::{Fault, OpError};
use crate::app::App;
use crate::platform::http::{Visit, Visited};
use crate::rules::origin;
use crate::rules::page_html::{Tag, tags};
use crate::rules::page_policy::{Policy, Verdict, Wanted, policies_read};
use crate::store::scope::MemberScope;
use crate::store::site::Site;
use crate::store::site_settings::site_found;

/// The loader that `embed.js` is at present, as the build wrote it.
const LOADER: &str = "/frame/loader.json";

#[derive(Deserialize)]
struct Loader {
    path: String,
    integrity: String,
}

async fn loader(app: &App) -> Result<Loader, OpError> {
    let read = app.assets.read(LOADER).await.map_err(|fault| Fault::Platform(fault.to_string()))?;
    let asset = read.ok_or(Kind::Unavailable)?;
    Ok(serde_json::from_slice(&asset.bytes).map_err(|fault| Fault::Platform(fault.to_string()))?)
}

/// What to paste. Fails with `NotFound`.
pub async fn snippet_read(app: &App, scope: &MemberScope, id: SiteId) -> Result<Snippet, OpError> {
    let site = site_own(app, scope, id).await?;
    let loader = loader(app).await?;
    let origin = &app.config.public_origin;
    let about = format!("data-site=\"{id}\" {}", look_attributes(&site));
    let Loader { path, integrity } = loader;
    Ok(Snippet {
        automatic: format!("<script src=\"{origin}/embed.js\" {about} async></script>"),
        pinned: format!(
            "<script src=\"{origin}{path}\" integrity=\"{integrity}\" crossorigin=\"anonymous\" {about} async></script>"
        ),
        frame: format!(
            "<iframe src=\"{origin}/widget/{id}\" title=\"Chat\" width=\"400\" height=\"640\" referrerpolicy=\"origin\"></iframe>"
        ),
        address: format!("<script src=\"{origin}/embed.js?site={id}\" async></script>"),
        script_policy: format!("script-src {origin};\nframe-src {origin};"), // keeps B14 | without: script_policy: String::new(),
        frame_policy: format!("frame-src {origin};"),
    })
}

/// Colour and side as the line carries them: the loader knows nothing else of the site before somebody wants the chat.
fn look_attributes(site: &Site) -> String {
    let side = if site.settings.side == Side::Start { " data-position=\"start\"" } else { "" };
    format!("data-color=\"{}\"{side}", site.settings.color)
}

/// The colour that the loader takes where its line carries none.
const LOADER_COLOR: &str = "#1f6f5c";

/// What a line carries is what the site is set to. A line that has only an address can carry neither.
fn looks_as_set(site: &Site, tag: &Tag) -> bool {
    let color = tag.get("data-color").unwrap_or(LOADER_COLOR);
    let is_start = tag.get("data-position") == Some("start");
    tag.get("data-site").is_none()
        || (color.eq_ignore_ascii_case(&site.settings.color)
            && is_start == (site.settings.side == Side::Start))
}

/// What was read of a page.
struct Page {
    address: PublicAddress,
    policies: Vec<String>,
    text: String,
    is_long: bool,
}

fn finding(kind: FindingKind) -> Finding {
    Finding { kind, found: None, change: None }
}

/// Looks at a page. Fails with `NotFound`, and with `ValueRefused` where the address is none that is looked at.
pub async fn install_check(
    app: &App,
    scope: &MemberScope,
    id: SiteId,
    address: &str,
) -> Result<Installation, OpError> {
    let site = site_own(app, scope, id).await?;
    let address = PublicAddress::parse(address, app.config.dev).ok_or(Kind::ValueRefused)?;
    let deadline = Box::pin(app.clock.sleep(VISIT_MS));
    let page = match select(Box::pin(page_read(app, address.clone())), deadline).await {
        Either::Left((page, _)) => page,
        Either::Right(_) => Err((address, finding(FindingKind::NoAnswer))),
    };
    let (address, findings) = match page {
        Ok(page) => {
            let findings = judge(app, &site, &page).await?;
            (page.address, findings)
        }
        Err((address, why)) => (address, vec![why]),
    };
    let runs = findings.iter().all(|finding| finding.kind.weight() != Weight::Bad);
    if runs {
        app.directory.write(site_found(scope, id, app.clock.now())).await?;
    }
    Ok(Installation { address: address.as_str().to_owned(), runs, findings })
}

/// Reads a page through its redirects, each of which is judged like the first address. The error says how far it came.
async fn page_read(app: &App, first: PublicAddress) -> Result<Page, (PublicAddress, Finding)> {
    let mut address = first;
    for _ in 0..=VISIT_REDIRECTS {
        let visit = Visit {
            address: address.clone(),
            headers: vec![
                ("accept", "text/html".to_owned()),
                ("user-agent", "Loquet install check".to_owned()),
            ],
            body: None,
        };
        let Ok(answer) = app.http.visit(visit).await else {
            return Err((address, finding(FindingKind::NoAnswer)));
        };
        if !(300..400).contains(&answer.status) {
            return answer_read(address, answer).await;
        }
        let location = answer.header("location").next().unwrap_or_default().to_owned();
        let Some(next) = address.join(&location, app.config.dev) else {
            return Err((address, finding(FindingKind::RedirectRefused)));
        };
        address = next;
    }
    Err((address, finding(FindingKind::RedirectEndless)))
}

async fn answer_read(address: PublicAddress, mut answer: Visited) -> Result<Page, (PublicAddress, Finding)> {
    if answer.status != 200 {
        let found = Some(answer.status.to_string());
        return Err((address, Finding { found, ..finding(FindingKind::StatusBad) }));
    }
    let media_type = answer.header("content-type").next().unwrap_or_default().to_owned();
    if !media_type.to_ascii_lowercase().starts_with("text/html") {
        // Somebody else's header, shown as text: as much of it as says what it is.
        let found = Some(media_type.chars().take(60).collect());
        return Err((address, Finding { found, ..finding(FindingKind::NotHtml) }));
    }
    let policies = answer.header("content-security-policy").map(str::to_owned).collect();
    let (mut bytes, mut is_long) = (Vec::new(), false);
    while let Some(chunk) = answer.chunks.next().await {
        let Ok(chunk) = chunk else { return Err((address, finding(FindingKind::NoAnswer))) };
        bytes.extend_from_slice(&chunk);
        if bytes.len() > VISIT_BYTES {
            bytes.truncate(VISIT_BYTES);
            is_long = true;
            break;
        }
    }
    Ok(Page { address, policies, text: String::from_utf8_lossy(&bytes).into_owned(), is_long })
}

/// What is on the page of ours.
enum Found {
    Script(Tag),
    Frame,
    Nothing,
}

async fn judge(app: &App, site: &Site, page: &Page) -> Result<Vec<Finding>, OpError> {
    let origin = app.config.public_origin.as_str();
    let tags = tags(&page.text);
    let mut findings = Vec::new();
    if page.is_long {
        findings.push(finding(FindingKind::PageLong));
    }
    let found = look(app, site, &tags, &mut findings).await?;
    let is_allowed = origin::is_allowed(&site.settings.allowed_origins, page.address.origin());
    findings.push(if is_allowed {
        finding(FindingKind::OriginAllowed)
    } else {
        let change = Some(page.address.origin().to_owned());
        Finding { change, ..finding(FindingKind::OriginMissing) }
    });
    let meta = tags
        .iter()
        .take_while(|tag| tag.name != "body")
        .filter(|tag| tag.name == "meta")
        .filter(|tag| {
            tag.get("http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("content-security-policy"))
        })
        .filter_map(|tag| tag.get("content"));
    let policies = policies_read(page.policies.iter().map(String::as_str).chain(meta));
    if policies.is_empty() {
        findings.push(finding(FindingKind::PolicyNone));
        return Ok(findings);
    }
    if policies.iter().any(Policy::is_sandboxed) {
        findings.push(finding(FindingKind::Sandboxed));
    }
    let tag = if let Found::Script(tag) = &found { Some(tag) } else { None };
    if !matches!(found, Found::Frame) {
        let path = tag.and_then(|tag| tag.get("src")).and_then(|src| path_below(src, page, origin));
        let path = path.unwrap_or_else(|| "/embed.js".to_owned());
        let wanted = Wanted { page: page.address.origin(), origin, path: &path, tag };
        findings.extend(verdicts(policies.iter().map(|policy| policy.script(wanted)), true));
    }
    let path = format!("/widget/{}", site.id);
    let wanted = Wanted { page: page.address.origin(), origin, path: &path, tag: None };
    findings.extend(verdicts(policies.iter().map(|policy| policy.frame(wanted)), false));
    Ok(findings)
}

/// The verdicts of all policies as findings: each that blocks, or that none does.
fn verdicts(verdicts: impl Iterator<Item = Verdict>, is_script: bool) -> Vec<Finding> {
    let [allowed, blocked] = if is_script {
        [FindingKind::ScriptAllowed, FindingKind::ScriptBlocked]
    } else {
        [FindingKind::FrameAllowed, FindingKind::FrameBlocked]
    };
    let bad: Vec<Finding> = verdicts
        .filter_map(|verdict| match verdict {
            Verdict::Allowed => None,
            Verdict::Blocked { found, change } => {
                Some(Finding { kind: blocked, found: Some(found), change: Some(change) })
            }
            Verdict::NeedsNonce { found } => {
                Some(Finding { found: Some(found), ..finding(FindingKind::ScriptNeedsNonce) })
            }
        })
        .collect();
    if bad.is_empty() { vec![finding(allowed)] } else { bad }
}

/// The path of an address on our own origin; `None` where it is another's.
fn path_below(src: &str, page: &Page, origin: &str) -> Option<String> {
    let src = src.trim();
    let scheme = page.address.as_str().split(':').next().unwrap_or("https");
    let absolute = if src.starts_with("//") { format!("{scheme}:{src}") } else { src.to_owned() };
    let rest = absolute.strip_prefix(origin)?;
    rest.starts_with('/').then(|| rest.split(['?', '#']).next().unwrap_or_default().to_owned())
}

/// Finds our own tags, and judges the first one.
async fn look(app: &App, site: &Site, tags: &[Tag], findings: &mut Vec<Finding>) -> Result<Found, OpError> {
    let origin = app.config.public_origin.as_str();
    let own = site.id.to_string();
    let ours = |tag: &&Tag| {
        tag.name == "script"
            && tag.get("src").is_some_and(|src| {
                src.trim().trim_start_matches("https:").trim_start_matches("http:").starts_with(&format!(
                    "{}/embed.",
                    origin.trim_start_matches("https:").trim_start_matches("http:")
                ))
            })
    };
    let scripts: Vec<&Tag> = tags.iter().filter(ours).collect();
    let site_of = |tag: &Tag| {
        let in_address = tag
            .get("src")
            .and_then(|src| src.split_once("site="))
            .map(|(_, site)| site.split('&').next().unwrap_or_default().to_owned());
        tag.get("data-site").map(str::to_owned).or(in_address).unwrap_or_default()
    };
    if scripts.len() > 1 {
        findings.push(finding(FindingKind::FoundTwice));
    }
    if let Some(tag) = scripts.first() {
        if site_of(tag) != own {
            let found = Some(site_of(tag).chars().take(60).collect());
            findings.push(Finding { found, ..finding(FindingKind::OtherSite) });
            return Ok(Found::Script((*tag).clone()));
        }
        findings.push(finding(pin_judge(app, tag, origin).await?));
        if !looks_as_set(site, tag) {
            findings.push(Finding { change: Some(look_attributes(site)), ..finding(FindingKind::LookOld) });
        }
        return Ok(Found::Script((*tag).clone()));
    }
    let frame = format!("/widget/{own}");
    let is_frame = |tag: &Tag| {
        tag.name == "iframe"
            && tag.get("src").is_some_and(|src| src.trim().starts_with(&format!("{origin}{frame}")))
    };
    if tags.iter().any(is_frame) {
        findings.push(finding(FindingKind::FrameFound));
        return Ok(Found::Frame);
    }
    findings.push(finding(FindingKind::NothingFound));
    Ok(Found::Nothing)
}

/// Whether the hash of a pinned script is that of the file.
async fn pin_judge(app: &App, tag: &Tag, origin: &str) -> Result<FindingKind, OpError> {
    let Some(integrity) = tag.get("integrity").filter(|integrity| !integrity.trim().is_empty()) else {
        return Ok(FindingKind::ScriptFound);
    };
    if tag.get("crossorigin").is_none() {
        return Ok(FindingKind::PinUnreadable);
    }
    let src = tag.get("src").unwrap_or_default();
    let path =
        src.split_once(origin).map_or("", |(_, path)| path).split(['?', '#']).next().unwrap_or_default();
    let read = app.assets.read(path).await.map_err(|fault| Fault::Platform(fault.to_string()))?;
    let Some(file) = read else { return Ok(FindingKind::PinWrong) };
    let hash = format!("sha384-{}", STANDARD.encode(Sha384::digest(&file.bytes)));
    let holds = integrity.split_ascii_whitespace().any(|given| given == hash);
    Ok(if holds { FindingKind::PinHolds } else { FindingKind::PinWrong })
}
