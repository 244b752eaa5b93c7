// Checks of a page's source, without a browser.

/** The maximum size of a report, for each video or live stream in it: 200 kB. */
const MAX_BYTES = 200_000;

/** Returns the findings in the source of a page. */
export function checkSource(html) {
  const findings = [];
  const report = (what) => findings.push({ check: "source", where: "source", what });

  const bytes = Buffer.byteLength(html);
  const limit = MAX_BYTES * Math.max(1, html.match(/<article[ >]/g)?.length ?? 0);
  if (bytes > limit) report(`the page has ${bytes} bytes, more than ${limit}`);

  if (!/^<!doctype html>/i.test(html)) report("the page does not begin with <!doctype html>");

  const policy = /<meta http-equiv="?content-security-policy"? content="([^"]*)"/i.exec(html)?.[1];
  if (policy === undefined) report("the page has no content security policy");
  else if (!/default-src 'none'/.test(policy)) report(`the content security policy lacks default-src 'none': ${policy}`);
  else if (/https?:|\*|script-src (?!'none')|unsafe-eval/.test(policy)) report(`the content security policy permits requests or scripts: ${policy}`);

  // The data block can contain any text except "<", so that tags found here are tags.
  for (const [tag] of html.matchAll(/<script[^>]*>/gi)) {
    if (!/type="?application\/json"?/i.test(tag)) report(`the page has a script: ${tag}`);
  }
  for (const [, json] of html.matchAll(/<script[^>]*application\/json[^>]*>([\s\S]*?)<\/script>/gi)) {
    try {
      JSON.parse(json);
    } catch (error) {
      report(`the data is not valid JSON: ${error.message}`);
    }
  }
  for (const [tag] of html.matchAll(/<(?:link|iframe|object|embed|base|form|img|video|audio|source|input|button|portal)\b[^>]*>/gi)) {
    report(`the page has an element that reports do not need: ${tag.slice(0, 100)}`);
  }
  return findings;
}
