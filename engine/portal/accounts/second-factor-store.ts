/** Second factors and recovery codes in the database. No rules here, only rows. */
import type { Database, SecondFactorsTable } from '../../store/database/index.ts';

export interface SecondFactorStore {
  byAccount(account: string): SecondFactorsTable | undefined;
  /** Replaces what there was, recovery codes included. */
  put(row: SecondFactorsTable): void;
  update(account: string, values: Partial<SecondFactorsTable>): void;
  remove(account: string): boolean;
  replaceCodes(account: string, hashes: readonly string[]): void;
  /** Whether there was such a code; it is gone. */
  spendCode(account: string, hash: string): boolean;
  codesLeft(account: string): number;
}

export function secondFactorStore({ build, all, first, run }: Database): SecondFactorStore {
  const codes = () => build.deleteFrom('recovery_codes');
  const factor = () => build.deleteFrom('second_factors');
  return {
    byAccount: (account) =>
      first(build.selectFrom('second_factors').selectAll().where('account', '=', account)),
    put: (row) => {
      run(factor().where('account', '=', row.account));
      run(build.insertInto('second_factors').values(row));
    },
    update: (account, values) =>
      void run(build.updateTable('second_factors').set(values).where('account', '=', account)),
    remove: (account) => run(factor().where('account', '=', account)) > 0,
    replaceCodes: (account, hashes) => {
      run(codes().where('account', '=', account));
      const rows = hashes.map((code_hash) => ({ account, code_hash }));
      run(build.insertInto('recovery_codes').values(rows));
    },
    spendCode: (account, hash) =>
      run(codes().where('account', '=', account).where('code_hash', '=', hash)) > 0,
    codesLeft: (account) =>
      all(build.selectFrom('recovery_codes').select('code_hash').where('account', '=', account))
        .length,
  };
}
