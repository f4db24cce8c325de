const { Root, Service } = require('protobufjs/light');

/**
 * In the place of @grpc/proto-loader: that describes and encodes every message for reflection, which takes longer than all that a guard asks of etcd.
 * What is left is what grpc-js needs to make clients.
 */
exports.fromJSON = (json, options) => Object.fromEntries(servicesIn(Root.fromJSON(json)).map((service) => [service.fullName.slice(1), methodsOf(service, options)]));

function servicesIn(namespace) {
  return namespace.nestedArray.flatMap((one) => (one instanceof Service ? [one] : one.nestedArray ? servicesIn(one) : []));
}

function methodsOf(service, options) {
  return Object.fromEntries(service.methodsArray.map((method) => [method.name, methodOf(method.resolve(), service.fullName.slice(1), options)]));
}

function methodOf({ name, requestStream, responseStream, resolvedRequestType, resolvedResponseType }, service, options) {
  return {
    path: `/${service}/${name}`,
    originalName: `${name[0].toLowerCase()}${name.slice(1)}`,
    requestStream: requestStream === true,
    responseStream: responseStream === true,
    requestSerialize: writerOf(resolvedRequestType),
    requestDeserialize: readerOf(resolvedRequestType, options),
    responseSerialize: writerOf(resolvedResponseType),
    responseDeserialize: readerOf(resolvedResponseType, options),
  };
}

function writerOf(type) {
  return (value) => type.encode(type.fromObject(value)).finish();
}

function readerOf(type, options) {
  return (bytes) => type.toObject(type.decode(bytes), options);
}
