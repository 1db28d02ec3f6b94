# One image for API, worker and migrations: the command says which. There is no build step, Node runs the TypeScript as it is;
# the worker needs tsx as well, for the mail templates.
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json tsconfig.json ./
COPY activities activities
COPY schema schema
COPY workflows workflows
COPY src src
# Which version of the workers' code this is (docs/deploying.md). Left out, workers of this image have no version.
ARG TEMPORAL_WORKER_BUILD_ID=""
ENV TEMPORAL_WORKER_BUILD_ID=$TEMPORAL_WORKER_BUILD_ID
# Owned by root and only read: the process cannot change its own code.
USER node
CMD ["node", "src/api/main.ts"]
