// The list job by fetch. Arguments: the URL of the server.
const url = process.argv.at(-1);
const authorization = "Basic " + Buffer.from("any:").toString("base64");
const tally = { sessions: 0, events: 0, text: 0, times: 0 };
const text = (value) => {
  if (typeof value === "string" && value !== "unknown") tally.text += Buffer.byteLength(value);
};
const time = (value) => {
  if (!Number.isNaN(new Date(value).getTime())) tally.times += 1;
};
const began = performance.now();
for (let number = 1, last = 1; number <= last; number += 1) {
  const query = `period=2022-01-01&currentPage=${number}&pageSize=100`;
  const response = await fetch(`${url}/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg?${query}`, {
    headers: { authorization },
  });
  if (!response.ok) throw new Error(`page ${number} has the status ${response.status}`);
  const page = await response.json();
  last = page.pagination.pagesTotal;
  for (const { session, location, referrer, device, os, client } of page.data) {
    tally.sessions += 1;
    text(session.sessionId);
    time(session.loadedAt);
    time(session.endedAt);
    for (const pair of session.metadata ?? []) {
      text(pair.key);
      text(pair.value);
    }
    for (const group of [location, referrer, device, os, client]) {
      for (const value of Object.values(group ?? {})) text(value);
    }
  }
}
const { user, system } = process.cpuUsage();
console.log(
  JSON.stringify({
    tally,
    wall_s: (performance.now() - began) / 1e3,
    cpu_s: (user + system) / 1e6,
    peak_kib: process.resourceUsage().maxRSS,
  }),
);
