// {{mark}}
//
// Read by Railway's command line: "railway config plan", "railway config apply". Its check: npm install, npx tsc --noEmit, in the folder above.

import { defineRailway, postgres, project, redis, service } from "railway/iac";

export default defineRailway((railway) => {
  const database = postgres("postgres");
  const cache = redis("redis");

  const api = service("api", {
    build: {
      builder: "DOCKERFILE",
      dockerfilePath: "eng/images/service/Dockerfile",
    },
    // Before the new version, in a container of its own: if it fails, nothing is deployed.
    preDeploy: "NeuroCred.Api migrate",
    // Asked until it answers 200, and never again.
    healthcheck: "{{readiness_path}}",
    healthcheckTimeout: 300,
    // No more are added under load.
    replicas: {{replicas}},
    deploy: {
      // Whatever ends is started again: also what the image's watchdog ends because it hangs.
      restartPolicyType: "ALWAYS",
      // For how long the old version goes on when the new one is ready, and then has from SIGTERM to SIGKILL (Railway's default: none).
      overlapSeconds: {{overlap}},
      drainingSeconds: {{draining}},
      limitOverride: { containers: { cpu: {{cpu_limit}}, memoryBytes: {{memory_limit_bytes}} } },
    },
    {{domains}}
    env: {
      // The key that clients send: a shared variable of the environment, set by hand before.
      Api__Key: railway.shared.API_KEY,
      // URLs, which the Api reads as well as its drivers' own words.
      ConnectionStrings__neurocred: database.env.DATABASE_URL,
      // Requests are served with this role, which may not change the schema. preDeploy makes it, with the owner in the URL above.
      Postgres__User: "neurocred_service",
      Postgres__Password: railway.shared.POSTGRES_SERVICE_PASSWORD,
      ConnectionStrings__redis: cache.env.REDIS_URL,
      Postgres__PoolSize: "{{pool_size}}",
      PORT: "{{port}}",
      ASPNETCORE_HTTP_PORTS: "{{port}}",
      Draining__Grace: "{{draining_grace}}",
      Draining__Timeout: "{{draining_timeout}}",
      Tls__HstsMaxAge: "{{hsts_max_age}}",
      // Railway's own network, from which its edge comes.
      ForwardedHeaders__KnownProxies: "100.64.0.0/10,fd00::/8",
      {{watchdog}}
    },
  });

  return project("neurocred", { resources: [database, cache, api] });
});
