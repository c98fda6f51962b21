// Keeps a request that no replica could serve, until one is ready or its time has passed. All times are milliseconds.

const time = {{hold_time}};

// A request that took longer than this until it first failed is not held: 0 is no limit.
const longest = {{hold_longest}};

// Each costs two of nginx's ten internal redirects.
const times = 3;

async function hold(r) {
    const v = r.variables;
    const now = Date.now();
    const sent = Number(v.gateway_hold_sent);
    const held = Number(v.gateway_held);
    if (!v.gateway_hold_since) {
        v.gateway_hold_since = now;
        if (longest > 0 && v.request_time * 1000 > longest) {
            return r.return(503);
        }
    }

    // At first, some replica may be ready that was not asked. Afterwards one said that it is ready and could not serve: to ask at once would use up all times.
    const end = Number(v.gateway_hold_since) + time;
    let pause = sent === 0 ? 0 : time / Math.pow(3, times - sent);
    while (sent < times && Date.now() + pause < end) {
        if (pause > 0) {
            await new Promise(done => setTimeout(done, pause));
        }

        const ready = await r.subrequest('/gateway-hold-ready', { method: 'GET' });
        // 0 is what the log says of a request that never came here.
        v.gateway_held = (held + Math.max(Date.now() - now, 1) / 1000).toFixed(3);
        if (ready.status === 200) {
            v.gateway_hold_sent = sent + 1;
            return r.internalRedirect('@again');
        }

        // Each question takes 12 KB until the request ends. When many requests are held, each asks less often.
        pause = (100 + Math.random() * 150) * Math.min(Math.max(v.connections_writing / 100, 1), 4);
    }

    r.return(503);
}

export default { hold };
