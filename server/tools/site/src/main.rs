//! Bundles the styles and compresses what the browser downloads.
//!
//! `site STYLESHEET FOLDER` writes `FOLDER/digger.css` from the stylesheet and its `@import`s, minified,
//! and beside every `.css`, `.js` and `.wasm` file of the folder its brotli form, `.br`.
//! It runs while Digger is built; the server never compresses these files itself.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use brotli::enc::BrotliEncoderParams;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions, StyleSheet};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [stylesheet, folder] = arguments.as_slice() else {
        bail!("usage: site STYLESHEET FOLDER");
    };
    let folder = Path::new(folder);
    let css = minify(&bundle(Path::new(stylesheet))?)?;
    fs::write(folder.join("digger.css"), css).context("cannot write digger.css")?;
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?
    {
        let path = entry?.path();
        if let Some("css" | "js" | "wasm") =
            path.extension().and_then(|extension| extension.to_str())
        {
            compress(&path).with_context(|| format!("cannot compress {}", path.display()))?;
        }
    }
    Ok(())
}

/// The stylesheet with every line `@import "file.css";` replaced by that file, paths being relative to it.
fn bundle(stylesheet: &Path) -> Result<String> {
    let text = fs::read_to_string(stylesheet)
        .with_context(|| format!("cannot read {}", stylesheet.display()))?;
    let folder = stylesheet.parent().unwrap_or(Path::new("."));
    let mut bundled = String::new();
    for line in text.lines() {
        match line
            .trim()
            .strip_prefix("@import \"")
            .and_then(|rest| rest.strip_suffix("\";"))
        {
            Some(file) => bundled.push_str(&bundle(&folder.join(file))?),
            None => bundled.push_str(line),
        }
        bundled.push('\n');
    }
    Ok(bundled)
}

fn minify(css: &str) -> Result<String> {
    // A parse error carries a line of the bundle, which no file has; the message names the rule instead.
    let mut sheet = StyleSheet::parse(css, ParserOptions::default())
        .map_err(|error| anyhow!("the styles are not valid: {error}"))?;
    sheet
        .minify(MinifyOptions::default())
        .map_err(|error| anyhow!("the styles cannot be minified: {error}"))?;
    let printed = sheet
        .to_css(PrinterOptions {
            minify: true,
            ..PrinterOptions::default()
        })
        .map_err(|error| anyhow!("the styles cannot be printed: {error}"))?;
    Ok(printed.code)
}

fn compress(path: &Path) -> Result<()> {
    let bytes = fs::read(path)?;
    // Quality 11 and a 4 MiB window: built once, downloaded by every browser.
    let parameters = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut bytes.as_slice(), &mut compressed, &parameters)?;
    let mut name = path.as_os_str().to_owned();
    name.push(".br");
    fs::write(name, compressed)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::minify;

    #[test]
    fn minified_styles_keep_their_rules() {
        assert_eq!(minify("a {\n  color: red;\n}\n").unwrap(), "a{color:red}");
    }

    #[test]
    fn a_broken_stylesheet_is_refused() {
        assert!(minify("a { color: red; } } {").is_err());
    }
}
