/**
 * Tools for tests of hosts and adapters: a signing identity provider, in-memory fakes of the
 * stores, and the contract suite of every port. No dependencies except `node:`.
 *
 * @module
 */

export {
  type CatalogLists,
  type FixedClock,
  type LeveledEvent,
  type MemoryCatalog,
  type MemoryLogger,
  type MemoryMetadata,
  makeFixedClock,
  makeMemoryCatalog,
  makeMemoryLogger,
  makeMemoryMetadata,
  makeSequentialIds,
} from "../adapters/memory/memory-environment.ts";
export type { MemoryUser } from "../adapters/memory/memory-state.ts";
export {
  type MemoryStores,
  makeMemoryStores,
  type UserSeed,
} from "../adapters/memory/memory-stores.ts";
export type { FetchedMetadata, FetchMetadata, MetadataRequest } from "../ports/metadata-refresh.ts";
export { accessCatalogContract, type CatalogSubject } from "./contracts/access-catalog-contract.ts";
export { auditTrailContract } from "./contracts/audit-trail-contract.ts";
export type {
  ContractCase,
  MakeStoresSubject,
  SeenAccess,
  StoresSubject,
  Vocabulary,
} from "./contracts/contract-case.ts";
export { domainProofsContract } from "./contracts/domain-proofs-contract.ts";
export { eventOutboxContract } from "./contracts/event-outbox-contract.ts";
export {
  type FetchMetadataSubject,
  fetchMetadataContract,
  refreshStatesContract,
} from "./contracts/metadata-refresh-contract.ts";
export { settingsStoreContract } from "./contracts/settings-store-contract.ts";
export { signInLedgerContract } from "./contracts/sign-in-ledger-contract.ts";
export { testSignInsContract } from "./contracts/test-sign-ins-contract.ts";
export { unitOfWorkContract } from "./contracts/unit-of-work-contract.ts";
export {
  hostUserDirectoryContract,
  userDirectoryContract,
} from "./contracts/user-directory-contract.ts";
export type { DigestAlgorithm, SignatureAlgorithm } from "./signing-idp/algorithms.ts";
export {
  type KeyKind,
  makeTestKey,
  type TestKey,
  type TestKeyOptions,
} from "./signing-idp/certificate.ts";
export type {
  DataCipher,
  KeyTransport,
  OaepOptions,
  XmlEncryptionOptions,
} from "./signing-idp/encrypt-xml.ts";
export type { XmlSignatureOptions } from "./signing-idp/sign-xml.ts";
export {
  makeSigningIdp,
  type ResponseOptions,
  type SignedForm,
  type SignedResponse,
  type SigningIdp,
  type SigningIdpOptions,
} from "./signing-idp.ts";
export {
  connectTestIdp,
  type TestConnection,
  type TestConnectionOptions,
} from "./test-connection.ts";
export type { ResponseChanges, TestVisitor } from "./test-visitor.ts";
