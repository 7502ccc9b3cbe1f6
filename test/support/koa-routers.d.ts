/** Older routers, which bring no types. */
declare class AnyRouter {
  all(path: RegExp, middleware: import("../../src/mod.ts").HostMiddleware): this;
  get(path: RegExp, middleware: import("koa").Middleware): this;
  routes(): import("koa").Middleware;
  allowedMethods(): import("koa").Middleware;
}
declare module "koa-router-7" {
  export = AnyRouter;
}
declare module "koa-router-12" {
  export = AnyRouter;
}
