import { ApiError, ApiUnavailable, isForbidden, NoCredentials } from '../../kube/errors.ts';
import { MigrationError } from '../contract.ts';

/** In the engine's words what the API server refuses. */
export function asMigrationError(error: unknown): unknown {
  if (error instanceof ApiUnavailable) return new MigrationError('transient', `${error.message}; check that this host may reach the API server`, { cause: error });
  if (isForbidden(error)) return new MigrationError('denied', `${error.message}; \`hookwave snippets rbac --datastore kubernetes\` prints the roles`, { cause: error });
  if (error instanceof NoCredentials) return new MigrationError('config', error.message, { cause: error });
  if (error instanceof ApiError && error.status === 401) return new MigrationError('denied', `${error.message}; check the token or the client certificate`, { cause: error });
  return error;
}
