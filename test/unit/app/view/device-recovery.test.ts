import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DeviceRecovery } from '../../../../renderer/app/view/device-recovery.ts';

const events = { onLost: vi.fn(), onRecovered: vi.fn() };
const log = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  vi.stubGlobal('window', { desktop: { log } });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('has a device again at once where one comes', async () => {
  const recovery = new DeviceRecovery(() => Promise.resolve(), events);
  const recovered = recovery.recover();
  await vi.runAllTimersAsync();
  await recovered;
  expect(events.onRecovered).toHaveBeenCalledOnce();
  expect(events.onLost).not.toHaveBeenCalled();
  expect(recovery.isGone).toBe(false);
});

it('says that it is gone, and asks at once when told to', async () => {
  const open = vi.fn().mockRejectedValueOnce(new Error('no adapter')).mockResolvedValue(undefined);
  const recovery = new DeviceRecovery(open, events);
  const recovered = recovery.recover();
  await vi.advanceTimersByTimeAsync(0);
  expect(recovery.isGone).toBe(true);
  expect(events.onLost).toHaveBeenCalledOnce();
  recovery.tryAgain();
  await recovered;
  expect(open).toHaveBeenCalledTimes(2);
  expect(recovery.isGone).toBe(false);
});

it('says nothing of the tries that nobody asked for, as something else may be said by then', async () => {
  const open = vi.fn().mockRejectedValue(new Error('no adapter'));
  const recovery = new DeviceRecovery(open, events);
  const recovered = recovery.recover();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(open.mock.calls.length).toBeGreaterThan(3);
  expect(events.onLost).toHaveBeenCalledOnce();
  recovery.tryAgain();
  await vi.advanceTimersByTimeAsync(0);
  expect(events.onLost).toHaveBeenCalledTimes(2);
  await vi.runAllTimersAsync();
  await recovered;
  expect(events.onLost).toHaveBeenCalledTimes(2);
});

it('gives up in the end, is gone, and tries again for a person who goes on working', async () => {
  const open = vi.fn().mockRejectedValue(new Error('no adapter'));
  const recovery = new DeviceRecovery(open, events);
  const recovered = recovery.recover();
  await vi.runAllTimersAsync();
  await recovered;
  expect(recovery.isGone).toBe(true);
  expect(log).toHaveBeenCalledOnce();
  open.mockResolvedValue(undefined);
  recovery.tryIfIdle();
  await vi.runAllTimersAsync();
  expect(events.onRecovered).toHaveBeenCalledOnce();
});

it('asks for nothing where no device ever went away', () => {
  const open = vi.fn();
  new DeviceRecovery(open, events).tryIfIdle();
  expect(open).not.toHaveBeenCalled();
});
