//! Writes `_headers`, the headers of files that are served without the Worker's help.
//!
//! Where two rules match, the platform joins their values, so each header stands in one rule a file.

const FOR_EVER: &str = "Cache-Control: public, max-age=31536000, immutable";
const FIVE_MINUTES: &str = "Cache-Control: public, max-age=300";
const APP_POLICY: &str = "Content-Security-Policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
                          style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; \
                          form-action 'none'; frame-ancestors 'none'";

/// The rules: `loaders` and `hashed` are addresses whose content never changes.
pub fn rules(loaders: &[String], hashed: &[String]) -> String {
    let mut rules = vec![
        // Browsers take the second one from https alone, so it does no harm on http://localhost.
        rule("/*", &["X-Content-Type-Options: nosniff", "Strict-Transport-Security: max-age=31536000"]), // keeps P8.1 | without: rule("/*", &["X-Content-Type-Options: nosniff"]),
        // Host pages of any origin run the loader, and check its hash if they pinned it.
        rule(
            "/embed.js",
            &[FIVE_MINUTES, "Access-Control-Allow-Origin: *", "Cross-Origin-Resource-Policy: cross-origin"],
        ),
        rule(
            "/app/*",
            &[
                APP_POLICY,
                "Cross-Origin-Opener-Policy: same-origin",
                "Cross-Origin-Resource-Policy: same-origin",
                "Permissions-Policy: camera=(), geolocation=(), microphone=()",
                "Referrer-Policy: no-referrer",
            ],
        ),
        rule("/assets/*", &["Cross-Origin-Resource-Policy: same-origin"]),
    ];
    rules.extend(loaders.iter().map(|address| {
        rule(
            address,
            &[FOR_EVER, "Access-Control-Allow-Origin: *", "Cross-Origin-Resource-Policy: cross-origin"],
        )
    }));
    rules.extend(hashed.iter().map(|address| rule(address, &[FOR_EVER])));
    rules.join("\n")
}

fn rule(address: &str, headers: &[&str]) -> String {
    let lines: String = headers.iter().map(|header| format!("  {header}\n")).collect();
    format!("{address}\n{lines}")
}

#[cfg(test)]
mod tests {
    use super::rules;

    #[test]
    fn p8_1_every_file_that_is_served_past_the_worker_asks_for_tls() {
        let text = rules(&[], &[]);
        let all = text.split("\n\n").find(|rule| rule.starts_with("/*\n")).unwrap();
        assert!(all.contains("  Strict-Transport-Security: max-age=31536000"), "{all}");
    }

    #[test]
    fn each_address_gets_each_header_once_because_the_platform_joins_doubles() {
        let text =
            rules(&["/embed.1.js".to_owned()], &["/assets/a-1.js".to_owned(), "/app/b-1.js".to_owned()]);
        for address in ["/embed.js", "/embed.1.js", "/assets/a-1.js", "/app/b-1.js", "/app/index.html"] {
            let mut names: Vec<&str> = text
                .split("\n\n")
                .filter(|rule| {
                    let pattern = rule.trim_start().lines().next().unwrap_or_default();
                    pattern == address
                        || pattern.strip_suffix('*').is_some_and(|start| address.starts_with(start))
                })
                .flat_map(|rule| {
                    rule.trim_start().lines().skip(1).filter_map(|line| line.trim().split(':').next())
                })
                .collect();
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{address} gets a header twice");
        }
    }
}
