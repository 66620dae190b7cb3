/**
 * What Pulumi makes of {@link shim} and stores as `__provider` with every resource of ours. The engine executes this text,
 * so a state that holds any other is refused before the engine starts. It never changes: old states hold it for good.
 */
export const SHIM_TEXT = `exports.handler = __f0;

var __provider = {check: __f1, diff: __f2, create: __f3, read: __f4, update: __f5, delete: __f6};

function __f1(__0, __1) {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return async function /*check*/(olds, news) {
    const methods = await import("supercargo/resources/provider");
    return methods.check(olds, news);
  };

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f2(__0, __1, __2) {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return async function /*diff*/(id, olds, news) {
    const methods = await import("supercargo/resources/provider");
    return methods.diff(id, olds, news);
  };

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f3(__0) {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return async function /*create*/(inputs) {
    const methods = await import("supercargo/resources/provider");
    return methods.create(inputs);
  };

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f4(__0, __1) {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return async function /*read*/(id, props) {
    const methods = await import("supercargo/resources/provider");
    return methods.read(id, props);
  };

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f5(__0, __1, __2) {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return async function /*update*/(id, olds, news) {
    const methods = await import("supercargo/resources/provider");
    return methods.update(id, olds, news);
  };

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f6(__0, __1) {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return async function /*delete*/(id, props) {
    const methods = await import("supercargo/resources/provider");
    await methods.remove(id, props);
  };

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f0() {
  return (function() {
    with({ provider: __provider, this: undefined, arguments: undefined }) {

return () => provider;

    }
  }).apply(undefined, undefined).apply(this, arguments);
}
`;
