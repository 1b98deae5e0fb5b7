/** Problem documents (RFC 9457): what went wrong, in the person's language, and at which field. */

export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly detail: string }[];
}

/** The server answered, and the answer was no. */
export class ApiProblem extends Error {
  constructor(readonly document: ProblemDocument) {
    super(document.detail || document.title);
  }

  get status(): number {
    return this.document.status;
  }

  /** The slug of `/problems/<slug>`. */
  get kind(): string {
    return this.document.type.split('/').pop() ?? '';
  }

  fieldError(field: string): string | undefined {
    return this.document.errors?.find((error) => error.field === field)?.detail;
  }
}

/** No answer came at all. */
export class Unreachable extends Error {}

/** An answer that is no problem document (a proxy's page, say) becomes one without a sentence. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const blank: ProblemDocument = { type: '', title: '', status: response.status, detail: '' };
  try {
    const body = (await response.json()) as Partial<ProblemDocument>;
    return new ApiProblem({ ...blank, ...body, status: response.status });
  } catch {
    return new ApiProblem(blank);
  }
}
