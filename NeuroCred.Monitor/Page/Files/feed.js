// Follows the monitor's events, and says so at once when they stay away: a number that is not renewed is not live.

const silence = 3000; // a snapshot comes every second
const shortestPause = 500;
const longestPause = 4000;

/**
 * Follows until the page is closed.
 * @param url where the events come from
 * @param arrived called with each snapshot, and whether it is whole or goes on from the one before
 * @param lost called when snapshots stay away, with the reason
 * @returns a function that tries again without waiting
 */
export function follow(url, arrived, lost) {
  let source;
  let timer;
  let pause = shortestPause;

  function open() {
    source?.close();
    source = new EventSource(url);
    source.addEventListener("snapshot", event => take(event, true));
    source.addEventListener("update", event => take(event, false));
    source.onerror = () => again("The monitor does not answer.");
    expect();
  }

  function take(event, whole) {
    try {
      arrived(JSON.parse(event.data), whole);
    } catch (error) {
      // Not shown is not live either.
      console.error(error);
      again("This page could not show an update. Reload it.");
      return;
    }
    pause = shortestPause;
    expect();
  }

  function expect() {
    clearTimeout(timer);
    timer = setTimeout(() => again("The monitor has sent nothing new."), silence);
  }

  // The browser's own reconnecting gives up on an answer like 503, and waits for ever on a monitor that hangs.
  function again(reason) {
    source.close();
    clearTimeout(timer);
    timer = setTimeout(open, pause);
    pause = Math.min(pause * 2, longestPause);
    lost(reason);
  }

  function now() {
    clearTimeout(timer);
    pause = shortestPause;
    open();
  }

  open();
  return now;
}
