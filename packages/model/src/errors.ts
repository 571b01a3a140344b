/**
 * Errors that travel over the Kurento protocol: codes and the names sent with them, misspellings included,
 * because clients compare both.
 * @module
 */

/**
 * Error codes by the `data.type` text sent with each.
 *
 * Ranges: 400xx requests, 401xx objects, 402xx SDP, 403xx HTTP endpoints, 404xx ICE, 405xx the server manager,
 * 406xx URIs, 407xx players. The two negative codes are those of JSON-RPC that carry a type.
 */
export const ErrorCode = {
  /** The text is no JSON (JSON-RPC 2.0 section 5.1). */
  PARSE_ERROR: -32700,
  /** The request has no `params` (JSON-RPC 2.0 section 5.1). */
  INVALID_PARAMS: -32602,
  /** An argument is missing, of the wrong kind, or not among the values of its enum. */
  MARSHALL_ERROR: 40001,
  /** A fault of the server, or a register type that nobody declared. */
  UNEXPECTED_ERROR: 40003,
  /** The elements cannot be connected: other pipelines, or no pad of that kind. */
  CONNECT_ERROR: 40004,
  /** The element does not handle that kind of media. */
  UNSUPPORTED_MEDIA_TYPE: 40005,
  /** Declared, but not available in this server. */
  NOT_IMPLEMENTED: 40006,
  /** No session has that id. */
  INVALID_SESSION: 40007,
  /** A transaction is malformed; also: the class has no such method. */
  MALFORMED_TRANSACTION: 40008,
  /** The server's limits forbid another object. */
  NOT_ENOUGH_RESOURCES: 40009,
  /** No class has that name. Declared; servers answer MEDIA_OBJECT_NOT_AVAILABLE. */
  MEDIA_OBJECT_TYPE_NOT_FOUND: 40100,
  /** No object has that id. */
  MEDIA_OBJECT_NOT_FOUND: 40101,
  /** The class cannot be created. Declared; servers answer MEDIA_OBJECT_NOT_AVAILABLE. */
  MEDIA_OBJECT_CONSTRUCTOR_NOT_FOUND: 40104,
  /** The class has no such method. Declared; servers answer MALFORMED_TRANSACTION. */
  MEDIA_OBJECT_METHOD_NOT_FOUND: 40105,
  /** The class raises no such event. */
  MEDIA_OBJECT_EVENT_NOT_SUPPORTED: 40106,
  /** An argument has the right kind but makes no sense. */
  MEDIA_OBJECT_ILLEGAL_PARAM_ERROR: 40107,
  /** Nothing can create objects of that type here. */
  MEDIA_OBJECT_NOT_AVAILABLE: 40108,
  /** A `newref:` id was used outside a transaction. */
  MEDIA_OBJECT_NOT_FOUND_TRANSACTION_NO_COMMIT: 40109,
  /** The object has no tag of that name. */
  MEDIA_OBJECT_TAG_KEY_NOT_FOUND: 40110,
  /** The object cannot do that in its state. */
  MEDIA_OBJECT_OPERATION_NOT_SUPPORTED: 40111,
  /** An SDP could not be made. */
  SDP_CREATE_ERROR: 40200,
  /** The SDP is empty or cannot be read. */
  SDP_PARSE_ERROR: 40201,
  /** There is no local SDP yet. */
  SDP_END_POINT_NO_LOCAL_SDP_ERROR: 40202,
  /** There is no remote SDP yet. */
  SDP_END_POINT_NO_REMOTE_SDP_ERROR: 40203,
  /** No offer could be made. */
  SDP_END_POINT_GENERATE_OFFER_ERROR: 40204,
  /** No answer could be made to the offer. */
  SDP_END_POINT_PROCESS_OFFER_ERROR: 40205,
  /** The answer does not fit the offer. */
  SDP_END_POINT_PROCESS_ANSWER_ERROR: 40206,
  /** The server's SDP settings are wrong. Declared only. */
  SDP_CONFIGURATION_ERROR: 40207,
  /** The endpoint has negotiated already. */
  SDP_END_POINT_ALREADY_NEGOTIATED: 40208,
  /** An answer came without an offer of ours. */
  SDP_END_POINT_NOT_OFFER_GENERATED: 40209,
  /** A second answer came to one offer. The name is misspelt on the wire. */
  SDP_END_POINT_ANSWER_ALREADY_PROCCESED: 40210,
  /** No session or ports for an endpoint. The name is misspelt on the wire. */
  SDP_END_POINT_CANNOT_CREATE_SESSON: 40211,
  /** The HTTP server could not start or take another endpoint. */
  HTTP_END_POINT_REGISTRATION_ERROR: 40300,
  /** Candidates could not be gathered. */
  ICE_GATHER_CANDIDATES_ERROR: 40400,
  /** The candidate cannot be read, or names a media section that is not there. */
  ICE_ADD_CANDIDATE_ERROR: 40401,
  /** The server has no module of that name; this code has no name of its own on the wire. */
  UNDEFINED: 40500,
  /** The file does not exist. Declared only. */
  URI_PATH_FILE_NOT_FOUND: 40600,
  /** The player cannot go to that position. */
  PLAYER_SEEK_FAIL: 40700,
} as const;

/** Name of an error as sent in `data.type`. */
export type ErrorType = keyof typeof ErrorCode;

/** A failure that the remote caller caused or can act on. Anything else thrown is a bug of the server. */
export class KurentoError extends Error {
  /** Always `KurentoError`. */
  override readonly name = 'KurentoError';
  /** Name of the error, as sent in `data.type`. */
  readonly type: ErrorType;

  /** An error of that type; the message is sent to the caller, the cause is not. */
  constructor(type: ErrorType, message: string, options?: ErrorOptions) {
    super(message, options);
    this.type = type;
  }

  /** Number of the error, as sent in `code`. */
  get code(): number {
    return ErrorCode[this.type];
  }
}
