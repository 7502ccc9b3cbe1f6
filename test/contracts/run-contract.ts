import { describe, it } from "mocha";
import { auditTrailContract } from "../../src/testing/contracts/audit-trail-contract.ts";
import type { ContractCase, MakeStoresSubject } from "../../src/testing/contracts/contract-case.ts";
import { domainProofsContract } from "../../src/testing/contracts/domain-proofs-contract.ts";
import { eventOutboxContract } from "../../src/testing/contracts/event-outbox-contract.ts";
import { refreshStatesContract } from "../../src/testing/contracts/metadata-refresh-contract.ts";
import { settingsStoreContract } from "../../src/testing/contracts/settings-store-contract.ts";
import { signInLedgerContract } from "../../src/testing/contracts/sign-in-ledger-contract.ts";
import { testSignInsContract } from "../../src/testing/contracts/test-sign-ins-contract.ts";
import { unitOfWorkContract } from "../../src/testing/contracts/unit-of-work-contract.ts";
import { userDirectoryContract } from "../../src/testing/contracts/user-directory-contract.ts";

/** Declares one test a case. */
export function runContract(port: string, cases: readonly ContractCase[]): void {
  describe(port, () => {
    for (const { name, run } of cases) it(name, run);
  });
}

/** Every contract of the stores. */
export function runStoreContracts(makeSubject: MakeStoresSubject): void {
  runContract("UserDirectory", userDirectoryContract(makeSubject));
  runContract("SettingsStore", settingsStoreContract(makeSubject));
  runContract("SignInLedger", signInLedgerContract(makeSubject));
  runContract("AuditTrail", auditTrailContract(makeSubject));
  runContract("TestSignIns", testSignInsContract(makeSubject));
  runContract("EventOutbox", eventOutboxContract(makeSubject));
  runContract("DomainProofs", domainProofsContract(makeSubject));
  runContract("RefreshStates", refreshStatesContract(makeSubject));
  runContract("UnitOfWork", unitOfWorkContract(makeSubject));
}
