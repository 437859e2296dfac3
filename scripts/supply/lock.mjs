// What must hold of the lock file, so that every machine installs the same bytes and nothing of theirs runs meanwhile.

/** Names of the licences that an expression leaves a choice of. */
function choices(expression) {
  return expression.replace(/[()]/g, '').split(' OR ');
}

/** `a > b` for b as it lies inside of a. */
function nameOf(path) {
  return path.replace(/^node_modules\//, '').replaceAll('/node_modules/', ' > ');
}

/** Sentences about what is wrong with the lock file; none where all is well. */
export function problemsOfLock(description, lock, policy) {
  const loose = Object.entries({ ...description.dependencies, ...description.devDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `package.json asks for ${name} ${version}: name one version exactly.`);
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
  return [...loose, ...packages.flatMap(([path, entry]) => problemsOfPackage(nameOf(path), entry, policy))];
}

function problemsOfPackage(name, entry, { licenses, installScripts }) {
  const allowed = [...licenses.shipped, ...(entry.dev || entry.devOptional ? licenses.development : [])];
  const problems = [];
  if (!entry.integrity?.startsWith('sha512-')) problems.push(`${name} has no SHA-512 in the lock file.`);
  if (entry.license === undefined) problems.push(`${name} names no licence.`);
  else if (!choices(entry.license).some((license) => allowed.includes(license)))
    problems.push(`${name} is under ${entry.license}, which policy.json does not allow.`);
  if (entry.hasInstallScript && installScripts[name] === undefined)
    problems.push(`${name} wants to run code when it is installed: say in policy.json what is lost without it.`);
  return problems;
}

/** Sentences about what policy.json still excuses though there is no need any more. */
export function staleExcuses(lock, policy) {
  const scripted = Object.entries(lock.packages)
    .filter(([, entry]) => entry.hasInstallScript)
    .map(([path]) => nameOf(path));
  return Object.keys(policy.installScripts)
    .filter((name) => !scripted.includes(name))
    .map((name) => `policy.json excuses ${name}, which runs nothing any more.`);
}
