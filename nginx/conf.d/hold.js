// Keeps a request that no replica could serve, until one is ready or its time has passed. All times are milliseconds.

const time = {{hold_time}};

// A request that took longer than this until it first failed is not held: 0 is no limit.
const longest = {{hold_longest}};

// How many requests may be under way in the gateway. nginx counts a request for one limit_conn alone, which is that of its client, and so not for one of those held.
const most = {{hold_limit}};

// Each costs two of nginx's ten internal redirects.
const times = 3;

// Each question whether a replica is ready takes 12 KB until the request ends. When many requests are held, each asks less often.
function rest(r) {
    return (100 + Math.random() * 150) * Math.min(Math.max(r.variables.connections_writing / 100, 1), 4);
}

async function hold(r) {
    const v = r.variables;
    const now = Date.now();
    const sent = Number(v.gateway_hold_sent);
    const held = Number(v.gateway_held);
    if (!v.gateway_hold_since) {
        v.gateway_hold_since = now;
        if (Number(v.connections_writing) > most || (longest > 0 && v.request_time * 1000 > longest)) {
            return r.return(503);
        }
    }

    // Replicas that say they are ready and then cannot serve (their queues are full) are left in peace for longer each time. Whatever
    // comes first, the last question is asked when the time ends.
    const end = Number(v.gateway_hold_since) + time;
    let pause = sent === 0 ? rest(r) : time / Math.pow(3, times - sent);
    while (sent < times && Date.now() < end) {
        await new Promise(done => setTimeout(done, Math.min(pause, end - Date.now())));
        const ready = await r.subrequest('/gateway-hold-ready', { method: 'GET' });
        v.gateway_held = (held + (Date.now() - now) / 1000).toFixed(3);
        if (ready.status === 200) {
            v.gateway_hold_sent = sent + 1;
            return r.internalRedirect('@again');
        }

        pause = rest(r);
    }

    r.return(503);
}

export default { hold };
