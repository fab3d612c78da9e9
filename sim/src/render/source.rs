//! Where the source of a program can be read.

use super::html::address;

/// The address under which the source of a program can be read, at the commit that was run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceBase(String);

impl SourceBase {
    /// The base `address`, such as `https://github.com/OWNER/REPOSITORY/blob/COMMIT`: a path and `#L` with the number of a
    /// line are put behind it.
    ///
    /// # Errors
    ///
    /// What is wrong with it: it begins with neither `http://` nor `https://`, names no host, holds a user's name, a query,
    /// a fragment or a character that no address has, or is longer than 1,000 characters.
    pub fn parse(address: &str) -> Result<SourceBase, String> {
        let rest = address.strip_prefix("https://");
        let rest = rest.or_else(|| address.strip_prefix("http://"));
        let Some(rest) = rest else {
            return Err("expected an address that begins with https:// or http://".to_owned());
        };
        let host = rest.split('/').next().unwrap_or_default();
        let odd = |c: &char| !c.is_ascii_graphic() || "\"'<>\\^`{|}".contains(*c);
        if host.is_empty() || host.starts_with(':') {
            return Err("the address names no host".to_owned());
        }
        if host.contains('@') {
            return Err("a page is no place for the name or the password of a user".to_owned());
        }
        if rest.contains(['?', '#']) {
            return Err(
                "the path of a file is put behind the address, so it ends before ? and #"
                    .to_owned(),
            );
        }
        if let Some(c) = rest.chars().find(odd) {
            return Err(format!("an address has no character like {c:?}"));
        }
        if address.len() > MOST {
            return Err(format!("the address is longer than {MOST} characters"));
        }
        Ok(SourceBase(address.trim_end_matches('/').to_owned()))
    }

    /// The address of a `location` such as `core/src/allocator.rs:104`. There is none for what is not in the repository: a
    /// path from the root of a machine, or with `..` in it.
    pub(super) fn link(&self, location: &str) -> Option<String> {
        let (path, line) = location.rsplit_once(':')?;
        let line: u32 = line.parse().ok()?;
        let parts: Vec<&str> = path.split(['/', '\\']).collect();
        let is_inside = |part: &&str| {
            !part.is_empty() && !part.contains(':') && !part.chars().all(|c| c == '.')
        };
        if !parts.iter().all(is_inside) {
            return None;
        }
        let parts: Vec<String> = parts.into_iter().map(address).collect();
        Some(format!("{}/{}#L{line}", self.0, parts.join("/")))
    }
}

/// The longest base, in bytes.
const MOST: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::SourceBase;

    #[test]
    fn a_place_is_found_below_the_base() {
        let base = SourceBase::parse("https://example.org/o/r/blob/0a1b/").expect("an address");
        let place = |location| base.link(location);
        assert_eq!(
            place("core/src/defects/two_claimants.rs:41").as_deref(),
            Some("https://example.org/o/r/blob/0a1b/core/src/defects/two_claimants.rs#L41")
        );
        let odd = place("core\\a b\"<.rs:1");
        assert_eq!(
            odd.as_deref(),
            Some("https://example.org/o/r/blob/0a1b/core/a%20b%22%3C.rs#L1")
        );
    }

    #[test]
    fn what_is_not_below_it_has_no_address() {
        let base = SourceBase::parse("http://example.org").expect("an address");
        for elsewhere in [
            "/home/x/.cargo/registry/a.rs:1",
            "../other/a.rs:1",
            "a/./b.rs:1",
            "C:\\a.rs:1",
            "a.rs",
            "a.rs:",
            "a.rs:-1",
            "",
            ":1",
        ] {
            assert_eq!(base.link(elsewhere), None, "{elsewhere}");
        }
    }

    #[test]
    fn an_address_that_would_lead_elsewhere_is_refused() {
        for (address, said) in [
            ("javascript:alert(1)", "https://"),
            ("ftp://example.org", "https://"),
            ("HTTPS://example.org", "https://"),
            ("example.org/o/r", "https://"),
            ("https://", "no host"),
            ("https:///path", "no host"),
            ("https://:80/path", "no host"),
            ("https://user:word@example.org", "password"),
            ("https://example.org/?at=1", "?"),
            ("https://example.org/#top", "#"),
            ("https://example.org/a b", "' '"),
            ("https://example.org/\"onload", "'\"'"),
            ("https://exämple.org", "'ä'"),
        ] {
            let error = SourceBase::parse(address).expect_err(address);
            assert!(error.contains(said), "{address}: {error}");
        }
        let long = format!("https://example.org/{}", "x".repeat(1_000));
        assert!(SourceBase::parse(&long).is_err_and(|error| error.contains("1000")));
    }
}
