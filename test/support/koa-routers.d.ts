declare module "koa-router-7" {
  import Router = require("koa-router");
  export = Router;
}
declare module "koa-router-12" {
  import Router = require("koa-router");
  export = Router;
}
