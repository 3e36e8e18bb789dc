//! Trunk starts its program from a script inside the page, which a strict policy forbids. This takes the
//! script out, so that it can become a file of its own, together with the glue that it imports.

use crate::failure::Failure;
use crate::files;

/// Where the script was; nothing stands there at the end.
const PLACE: &str = "<!-- start -->";

/// A page without inline script, and the two files that the script named.
#[derive(Debug)]
pub struct Opened {
    html: String,
    /// The JavaScript that wasm-bindgen wrote, as an absolute path.
    pub glue: String,
    /// The program, as an absolute path.
    pub wasm: String,
}

/// Takes Trunk's start script and the preload of the glue out of a page.
pub fn open(html: &str) -> Result<Opened, Failure> {
    let missing = || Failure::new("Trunk's page holds no start script that can be understood");
    let (before, rest) = html.split_once("<script type=\"module\">").ok_or_else(missing)?;
    let (script, after) = rest.split_once("</script>").ok_or_else(missing)?;
    let glue = between(script, "from '", "'").ok_or_else(missing)?.to_owned();
    let wasm = between(script, "module_or_path: '", "'").ok_or_else(missing)?.to_owned();
    let page = format!("{before}{PLACE}{after}");
    let html = without_tag(&page, &format!("<link rel=\"modulepreload\" href=\"{glue}\""));
    let html = without_integrity(&html, &format!("<link rel=\"preload\" href=\"{wasm}\""));
    match inline_script(&html) {
        Some(tag) => {
            Err(Failure::new(format!("the page carries an inline script, which its policy forbids: {tag}")))
        }
        None => Ok(Opened { html, glue, wasm }),
    }
}

/// A page whose style sheet and start script stand in it, and which leaves its program to the start script.
pub struct Inlined {
    /// The page.
    pub html: String,
    /// `'sha256-…'` of the style sheet, for the page's policy.
    pub style: String,
    /// `'sha256-…'` of the start script.
    pub script: String,
}

/// Puts the style sheet and the start script into the page. Each would be a trip of its own, and the page could take no
/// text before both are there. `read` gives a file by its address; `program` is what the start script loads once the
/// page stands: the addresses of the glue, the program, and what is loaded later.
pub fn inline(
    opened: &Opened,
    program: [&str; 3],
    read: impl Fn(&str) -> Result<String, Failure>,
) -> Result<Inlined, Failure> {
    let missing = |what: &str| Failure::new(format!("Trunk's page holds no {what} that can be understood"));
    let (before, tag, after) =
        tag_of(&opened.html, "<link rel=\"stylesheet\" href=\"").ok_or_else(|| missing("style sheet"))?;
    let sheet = read(address(tag, "href"))?;
    let page = format!("{before}<style>{sheet}</style>{after}");
    let (before, tag, after) = tag_of(&page, "<script src=\"").ok_or_else(|| missing("start script"))?;
    let script = read(address(tag, "src"))?;
    if script.contains("</script") || sheet.contains("</style") {
        return Err(Failure::new("a style sheet or script ends the element that it stands in"));
    }
    let after = after.strip_prefix("</script>").unwrap_or(after);
    let page = format!("{before}{after}");
    let page =
        without_tag(&page, &format!("<link rel=\"preload\" href=\"{}\"", program[1])).replace(PLACE, "");
    let data = serde_json::json!(program).to_string();
    let end = format!(
        "<script type=\"application/json\" id=\"loquet-program\">{data}</script><script>{script}</script></body>"
    );
    let html = page.replacen("</body>", &end, 1);
    Ok(Inlined {
        html,
        style: files::policy_hash(sheet.as_bytes()),
        script: files::policy_hash(script.as_bytes()),
    })
}

fn tag_of<'a>(html: &'a str, opening: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let start = html.find(opening)?;
    let end = start + html.get(start..)?.find('>')? + 1;
    Some((html.get(..start)?, html.get(start..end)?, html.get(end..)?))
}

fn address<'a>(tag: &'a str, attribute: &str) -> &'a str {
    between(tag, &format!("{attribute}=\""), "\"").unwrap_or_default()
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    Some(text.split_once(start)?.1.split_once(end)?.0)
}

fn without_tag(html: &str, opening: &str) -> String {
    match html.split_once(opening).and_then(|(before, rest)| Some((before, rest.split_once('>')?.1))) {
        Some((before, after)) => format!("{before}{after}"),
        None => html.to_owned(),
    }
}

/// Browsers check no hash of a program that is preloaded, and complain of one that is given.
fn without_integrity(html: &str, opening: &str) -> String {
    let halves = html.split_once(opening).and_then(|(before, rest)| Some((before, rest.split_once('>')?)));
    let Some((before, (tag, after))) = halves else { return html.to_owned() };
    let kept: Vec<&str> = tag.split(' ').filter(|attribute| !attribute.starts_with("integrity=")).collect();
    format!("{before}{opening}{}>{after}", kept.join(" "))
}

/// The first script with a body that a browser would run. Blocks of data are none.
fn inline_script(html: &str) -> Option<String> {
    html.split("<script").skip(1).filter_map(|rest| rest.split('>').next()).find_map(|attributes| {
        let is_data = attributes.contains("type=\"application/json\"");
        (!attributes.contains("src=") && !is_data).then(|| format!("<script{attributes}>"))
    })
}

#[cfg(test)]
mod tests {
    use super::{inline, open};

    const PAGE: &str = r#"<head><link rel="stylesheet" href="/assets/a.css" integrity="sha384-x"/><script src="/assets/s.js" defer integrity="sha384-z"></script><script type="module">
import init, * as bindings from '/assets/widget-1.js';
const wasm = await init({ module_or_path: '/assets/widget-1_bg.wasm' });
</script><link rel="modulepreload" href="/assets/widget-1.js" crossorigin="anonymous" integrity="sha384-y"><link rel="preload" href="/assets/widget-1_bg.wasm" crossorigin="anonymous" integrity="sha384-w" as="fetch"></head><body><p>hi</p></body>"#;

    #[test]
    fn style_and_start_come_with_the_page_and_the_program_is_left_to_them() {
        let opened = open(PAGE).expect("a page");
        assert_eq!(
            (opened.glue.as_str(), opened.wasm.as_str()),
            ("/assets/widget-1.js", "/assets/widget-1_bg.wasm")
        );
        let read = |address: &str| Ok(format!("/* {address} */"));
        let program = ["/assets/w.js", "/assets/widget-1_bg.wasm", "/assets/l.js"];
        let inlined = inline(&opened, program, read).expect("a page");
        assert_eq!(
            inlined.html,
            r#"<head><style>/* /assets/a.css */</style></head><body><p>hi</p><script type="application/json" id="loquet-program">["/assets/w.js","/assets/widget-1_bg.wasm","/assets/l.js"]</script><script>/* /assets/s.js */</script></body>"#
        );
        assert!(inlined.style.starts_with("'sha256-") && inlined.style.ends_with("='"), "{}", inlined.style);
    }

    #[test]
    fn another_inline_script_is_refused_and_a_block_of_data_is_not() {
        let worse = PAGE.replace("<body>", "<body><script>alert(1)</script>");
        let refused = open(&worse).expect_err("a refusal").to_string();
        assert!(refused.contains("<script>"), "{refused}");
    }

    #[test]
    fn a_page_without_trunks_script_is_refused() {
        assert!(open("<html></html>").is_err());
    }
}
