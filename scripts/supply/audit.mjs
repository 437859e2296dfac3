// What npm audit says of known faults, held against the excuses of policy.json.

/**
 * @param text what `npm audit --json` printed
 * @returns undefined where the registry gave no answer, else sentences about what is not excused
 */
export function problemsOfAudit(text, { advisories }) {
  let report;
  try {
    report = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (report.vulnerabilities === undefined) return undefined;
  const found = new Map();
  for (const { via } of Object.values(report.vulnerabilities))
    for (const cause of via)
      if (typeof cause === 'object') found.set(cause.url.split('/').at(-1), `${cause.name}: ${cause.title}`);
  return [...found].filter(([id]) => advisories[id] === undefined).map(([id, words]) => `${words} (${id})`);
}
