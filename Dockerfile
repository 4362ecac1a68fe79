FROM node:24-bookworm-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data SPECS_DIR=/specs
VOLUME ["/data", "/specs"]
EXPOSE 4321
# PUBLIC_URL says how the portal is reached; without it the sign-in can't work from another machine.
CMD ["npm", "start"]
