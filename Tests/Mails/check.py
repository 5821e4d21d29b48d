"""Checks every mail of a gallery: check.py GALLERY AXE."""
import email
import glob
import json
import os
import re
import subprocess
import sys
from email import policy
from email.utils import parseaddr

import html5lib

HERE = os.path.dirname(os.path.abspath(__file__))
WIDTHS = (320, 600, 1000)
# Runs in Chromium; the page stands in a frame of each width.
HARNESS = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>x</title></head><body>
<script src="file://%(axe)s"></script>
<script>
const page = %(page)s;
const bare = page.replace(/<style>.*?<\\/style>/gs, "");
async function frame(page, width) {
    const frame = document.createElement("iframe");
    frame.style.cssText = `width:${width}px;height:900px;border:0`;
    frame.title = "mail";
    await new Promise((loaded) => {
        frame.onload = loaded;
        frame.srcdoc = page;
        document.body.append(frame);
    });
    return frame;
}
async function run() {
    const widths = [];
    for (const width of %(widths)s) {
        for (const html of [page, bare]) {
            const shown = await frame(html, width);
            const root = shown.contentDocument.documentElement;
            // What is cut at the page's edge makes it no wider, but would be the mail's column.
            const column = root.querySelector("[role=main]").getBoundingClientRect();
            widths.push(Math.max(root.scrollWidth, Math.ceil(column.right)) - width);
            shown.remove();
        }
    }
    document.open();
    document.write(page);
    document.close();
    const script = document.createElement("script");
    await new Promise((loaded) => {
        script.onload = loaded;
        script.src = "file://%(axe)s";
        document.head.append(script);
    });
    const result = await axe.run(document, { resultTypes: ["violations", "incomplete"] });
    script.remove();
    const found = (kind) => result[kind].map((one) => [one.id, one.nodes.length, one.nodes[0].html]);
    return { widths, findings: found("violations"), unsure: found("incomplete"), passes: result.passes.length };
}
run().catch((error) => ({ error: String(error) })).then((result) => {
    document.documentElement.innerHTML = "<body></body>";
    document.body.textContent = "RESULT" + JSON.stringify(result) + "END";
});
</script></body></html>"""


def chromium(path, axe, scheme):
    """What axe-core finds in a page, and how far it is wider than each of WIDTHS, with its style sheet and without."""
    page = open(path, encoding="utf-8").read()
    harness = path + ".check.html"
    text = json.dumps(page).replace("</", "<\\/")
    with open(harness, "w", encoding="utf-8") as file:
        file.write(HARNESS % {"axe": axe, "page": text, "widths": json.dumps(WIDTHS)})
    output = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
         f"--blink-settings=preferredColorScheme={scheme}", "--window-size=1100,1000",
         "--virtual-time-budget=60000", "--dump-dom", "file://" + harness],
        capture_output=True, text=True, timeout=120).stdout
    os.remove(harness)
    found = re.search("RESULT(.*)END", output, re.S)
    assert found, f"{path}: Chromium says nothing: {output[:300]}"
    result = json.loads(found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    assert "error" not in result, (path, result)
    assert result["passes"] >= 10, (path, result)
    assert result["findings"] == [] and result["unsure"] == [], (path, scheme, result)
    assert max(result["widths"]) <= 0, f"{path}: wider than {WIDTHS}: {result['widths']}"


def squeezed(text):
    return re.sub(r"\s+", " ", text).strip()


def python_opinion(raw):
    mail = email.message_from_bytes(raw, policy=policy.strict + policy.default.clone(raise_on_defect=True))
    assert not mail.defects
    parts = [{"type": part.get_content_type(), "text": part.get_content()} for part in mail.iter_parts()]
    return {"subject": str(mail["Subject"]), "from": str(mail["From"]), "parts": parts}


def opinion(command, raw):
    result = subprocess.run(command, input=raw, capture_output=True, timeout=60)
    assert result.returncode == 0 and not result.stderr, (command, result.stderr[:500])
    return json.loads(result.stdout)


def parsers(path):
    """All read the same."""
    raw = open(path, "rb").read()
    mine = python_opinion(raw)
    assert [part["type"] for part in mine["parts"]] == ["text/plain", "text/html"], path
    for command in (["perl", HERE + "/parse.pl"], ["ruby", HERE + "/parse.rb"]):
        other = opinion(command, raw)
        assert squeezed(other["subject"]) == squeezed(mine["subject"]), (path, other["subject"])
        assert parseaddr(other["from"])[1] == parseaddr(mine["from"])[1], (path, other["from"])
        for one, two in zip(other["parts"], mine["parts"], strict=True):
            assert one["type"] == two["type"], path
            assert squeezed(one["text"]) == squeezed(two["text"]), (path, command)
    return mine


def spam(path):
    raw = open(path, "rb").read()
    output = subprocess.run(
        ["spamassassin", "-L", "-t"], input=raw, capture_output=True, timeout=120).stdout
    status = re.search(rb"X-Spam-Status: .*?score=(-?[0-9.]+).*?tests=(.*?)autolearn", output, re.S)
    assert status, output[:300]
    assert float(status[1]) <= 0.0, (path, status[1], status[2])


def main():
    gallery, axe = sys.argv[1:]
    pages = sorted(glob.glob(os.path.join(glob.escape(gallery), "*.html")))
    pages = [page for page in pages if not page.endswith("/index.html")]
    assert len(pages) > 70, pages
    for number, page in enumerate(pages):
        html = open(page, encoding="utf-8").read()
        html5lib.HTMLParser(strict=True).parse(html)
        mail = page.removesuffix(".html") + ".eml"
        read = parsers(mail)
        assert squeezed(read["parts"][1]["text"]) == squeezed(html), page
        assert len(html) < (40_000 if "hundred" in page else 30_000), (page, len(html))
        shown = re.sub(r"<style>.*?</style>|<[^>]*>", "", html, flags=re.S)
        # Mails that are hardly text are taken for advertisements.
        assert len(squeezed(shown)) > 0.04 * len(html), (page, len(squeezed(shown)), len(html))
        spam(mail)
        for scheme in (0, 1):
            chromium(page, os.path.abspath(axe), scheme)
        print(f"{number + 1} of {len(pages)}: {os.path.basename(page)}", flush=True)
    print(f"{len(pages)} mails: no finding, no defect, no spam, nothing outside its column")


main()
