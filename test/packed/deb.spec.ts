import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { processTree, survivors } from '../e2e/process-tree.ts';
import { EXECUTABLE, ROOT, asOrdinaryUser, makeHome, removeHome, runInstalled } from './installed-app.ts';

const PLACE = '/opt/SplatFormer Desktop';
const IS_ROOT = process.getuid?.() === 0;
const HAS_DPKG = existsSync('/usr/bin/dpkg');

test.skip(!HAS_DPKG || !IS_ROOT, 'Installing a deb needs Debian and root');
test.skip(existsSync(PLACE), 'The app is installed on this machine, which the test would remove');

let home = '';
test.beforeEach(async () => {
  home = await makeHome();
});
test.afterEach(async () => {
  dpkg('--purge', EXECUTABLE);
  await removeHome(home);
});

function dpkg(...args: string[]): string {
  return execFileSync('dpkg', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** What the package brought: its files, and the profile that its script may have put beside them. */
function filesOfPackage(): string[] {
  const listed = dpkg('--listfiles', EXECUTABLE).split('\n');
  const own = listed.filter((path) => path.toLowerCase().includes('splatformer'));
  return [...own, '/etc/apparmor.d/splatformer-desktop'];
}

/** How the kernel confines the page's process, once there is one. */
async function confinementOfPage(pid: number): Promise<{ seccomp: string; sharesNamespace: boolean }> {
  let page: number | undefined;
  const findPage = (): boolean => {
    page = processTree(pid).find(({ command }) => command.includes('--type=renderer'))?.pid;
    return page !== undefined;
  };
  await expect.poll(findPage).toBe(true);
  const seccomp = (): string => /^Seccomp:\t(\d)$/m.exec(readFileSync(`/proc/${page}/status`, 'utf8'))?.[1] ?? '';
  // The filter is put on after the process began.
  await expect.poll(seccomp).toBe('2');
  const namespace = (of: number | string): string => readlinkSync(`/proc/${of}/ns/pid`);
  return { seccomp: seccomp(), sharesNamespace: namespace(page ?? 'self') === namespace('self') };
}

test('the deb installs, runs in its sandbox for an ordinary user, and is removed without a trace', async () => {
  test.setTimeout(600_000);
  const deb = readdirSync(join(ROOT, 'out')).find((name) => name.endsWith('.deb'));
  expect(deb).toBeDefined();
  dpkg('--install', join(ROOT, 'out', deb as string));
  const files = filesOfPackage();
  expect(files).toEqual(expect.arrayContaining(['/usr/bin/splatformer', `/usr/bin/${EXECUTABLE}`, PLACE]));
  expect(readFileSync(join(PLACE, 'resources/package-type'), 'utf8')).toBe('deb\n');
  const helper = statSync(join(PLACE, 'chrome-sandbox'));
  expect([helper.uid, helper.mode & 0o7777]).toEqual([0, 0o4755]);
  const entry = readFileSync(`/usr/share/applications/${EXECUTABLE}.desktop`, 'utf8');
  expect(entry).toContain('MimeType=');
  expect(entry).not.toContain('no-sandbox');

  const version = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
  expect(dpkg('--status', EXECUTABLE)).toContain(`Version: ${version}`);
  const told = await runInstalled(home, 'splatformer', 'info', join(PLACE, 'resources/models/sample.ply'), '--json');
  expect(JSON.parse(told.stdout)).toMatchObject({ format: 'inria-ply', splats: 19_992 });

  const userData = `--user-data-dir=${join(home, 'user-data')}`;
  const [program, ...args] = asOrdinaryUser(home, EXECUTABLE, ['--graphics=software', userData]);
  const app = spawn(program, args, { cwd: home, stdio: 'ignore' });
  const ended = new Promise((done) => app.on('exit', done));
  try {
    expect(await confinementOfPage(app.pid ?? NaN)).toEqual({ seccomp: '2', sharesNamespace: false });
  } finally {
    const tree = processTree(app.pid ?? NaN);
    app.kill('SIGTERM');
    await ended;
    await expect.poll(() => survivors(tree).length).toBe(0);
  }

  const tried = await runInstalled(home, EXECUTABLE, '--self-test', userData);
  expect(tried.stdout).toContain('model: ok');
  expect(tried.code).toBe(0);

  dpkg('--remove', EXECUTABLE);
  expect(files.filter((path) => existsSync(path))).toEqual([]);
});
