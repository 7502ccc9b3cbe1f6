import { describe } from "mocha";
import {
  makeMemoryCatalog,
  makeMemoryMetadata,
} from "../../src/adapters/memory/memory-environment.ts";
import { makeMemoryStores } from "../../src/adapters/memory/memory-stores.ts";
import { parseTenantId } from "../../src/domain/tenant.ts";
import { accessCatalogContract } from "../../src/testing/contracts/access-catalog-contract.ts";
import type { StoresSubject } from "../../src/testing/contracts/contract-case.ts";
import { fetchMetadataContract } from "../../src/testing/contracts/metadata-refresh-contract.ts";
import { runContract, runStoreContracts } from "./run-contract.ts";

const tenant = parseTenantId("acme")!;
const otherTenant = parseTenantId("globex")!;

describe("memory adapter", () => {
  runStoreContracts(async (): Promise<StoresSubject> => {
    const memory = makeMemoryStores();
    return {
      stores: memory.stores,
      unitOfWork: memory.unitOfWork,
      tenant,
      otherTenant,
      vocabulary: {
        licensedRole: "member",
        liteRole: "lite",
        groups: ["staff", "lab"],
        organizations: ["berlin", "paris"],
      },
      seedUser: async (of, seed) => memory.seedUser(of, seed),
      accessOf: async (of, id) => {
        const user = memory.userById(of, id);
        return user && { role: user.role, groups: user.groups, organizations: user.organizations };
      },
      countUsers: async (of) => memory.usersOf(of).length,
    };
  });

  const roles = [
    { id: "member", name: "Member", licensed: true, privileged: false },
    { id: "lite", name: "Lite", licensed: false, privileged: false, maxOrganizations: 5 },
  ];
  const named = (names: readonly string[]) => names.map((name) => ({ id: `id-${name}`, name }));
  const groups = named(["Staff", "Lab", "Sales", "Ops", "Board"]);
  const organizations = named(["Berlin", "Paris", "Rome", "Oslo"]);
  const administrators = named(["Ada", "Grace"]);
  runContract(
    "FetchMetadata",
    fetchMetadataContract(async () => {
      const { fetchMetadata, publish } = makeMemoryMetadata();
      const url = "https://idp.example/metadata";
      publish(url, "<metadata>ü😀</metadata>");
      const brokenUrl = "https://idp.example/nothing";
      return { fetchMetadata, url, xml: "<metadata>ü😀</metadata>", brokenUrl };
    }),
  );
  runContract(
    "AccessCatalog",
    accessCatalogContract(async () => ({
      catalog: makeMemoryCatalog({ roles, groups, organizations, administrators }),
      administrators,
      tenant,
      roles,
      groups,
      organizations,
    })),
  );
});
