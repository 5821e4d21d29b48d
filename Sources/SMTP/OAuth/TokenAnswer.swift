import Delivery
internal import FoundationEssentials

/// What an authorization server answered.
struct TokenAnswer: Hashable, Sendable {
    /// The HTTP status.
    var status: Int
    /// As it was sent; nil without.
    var contentType: String?
    /// Where a redirect leads.
    var location: String?
    var body: [UInt8]
}

/// A token that was granted, and for how long.
struct GrantedToken: Hashable, Sendable {
    var token: Secret
    var lifetime: Duration
}

/// Why there is no token.
struct TokenRefusal: Error, Hashable, Sendable {
    var kind: RelayTrouble.Kind
    /// One line, cleaned.
    var text: String
}

/// Pure: tells a good answer (RFC 6749, section 5.1) from all else.
///
/// | answer | becomes |
/// |---|---|
/// | 200, JSON with a bearer token | the token |
/// | 200 of any other form | outage: not the server that we take it for, or broken |
/// | 3xx | credentials: the secret is not sent after it |
/// | 408, 429, 5xx | outage |
/// | all else, above all 400 and 401 (section 5.2) | credentials |
extension TokenAnswer {
    /// Where the server does not say how long a token lasts: short enough to be true of any.
    static let usualLifetime: Duration = .seconds(300)
    /// What is promised beyond that is not relied on.
    static let longestLifetime: Duration = .seconds(86_400)
    private static let textLimit = 300

    private struct Success: Decodable {
        var token: String?
        var type: String?
        var lifetime: Seconds?

        enum CodingKeys: String, CodingKey {
            case token = "access_token"
            case type = "token_type"
            case lifetime = "expires_in"
        }
    }

    private struct Failure: Decodable {
        var error: String?
        var description: String?

        enum CodingKeys: String, CodingKey {
            case error
            case description = "error_description"
        }
    }

    /// A number, or as some servers write it a number in quotes.
    private struct Seconds: Decodable {
        var value: Double

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                value = number
            } else if let number = Double(try container.decode(String.self)) {
                value = number
            } else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "seconds")
            }
        }
    }

    func token() throws(TokenRefusal) -> GrantedToken {
        switch status {
        case 200: return try granted()
        case 300..<400:
            let target = location.map { " to \(ReplyText.clean(Self.place($0).utf8, limit: 200))" }
            throw refusal(
                .credentials,
                "it redirects\(target ?? "") (\(status)), where the client's secret is not sent")
        case 408, 429, 500..<600: throw refusal(.outage, failureText)
        default: throw refusal(.credentials, failureText)
        }
    }

    private func granted() throws(TokenRefusal) -> GrantedToken {
        let type = (contentType ?? "").prefix { $0 != ";" }.lowercased()
            .filter { $0 != " " }
        guard type == "application/json" || type.hasSuffix("+json") else {
            let shown = type.isEmpty ? "of no type" : ReplyText.clean(type.utf8, limit: 80)
            throw refusal(.outage, "the answer is \(shown), not application/json")
        }
        guard let answer = try? JSONDecoder().decode(Success.self, from: Data(body)) else {
            throw refusal(.outage, "the answer can't be read as JSON with a token")
        }
        guard let token = answer.token else {
            // Some servers tell failures with 200.
            throw refusal(.credentials, "the answer holds no access_token; \(failureText)")
        }
        guard BearerToken.isValid(token) else {
            throw refusal(
                .outage, "the access_token is empty, too long, or holds what no token may hold")
        }
        guard answer.type.map({ $0.lowercased() == "bearer" }) ?? true else {
            let shown = ReplyText.clean((answer.type ?? "").utf8, limit: 40)
            throw refusal(.credentials, "the token is of type \(shown), not Bearer")
        }
        return GrantedToken(token: Secret(token), lifetime: Self.lifetime(answer.lifetime?.value))
    }

    private static func lifetime(_ seconds: Double?) -> Duration {
        guard let seconds, seconds.isFinite else { return usualLifetime }
        let bounded = min(max(seconds, 0), longestLifetime.inSeconds)
        return .milliseconds(Int64(bounded * 1_000))
    }

    /// The server's `error` and `error_description`, or the status.
    private var failureText: String {
        guard let failure = try? JSONDecoder().decode(Failure.self, from: Data(body)),
            let error = failure.error
        else { return "it answered \(status)" }
        let words = [error, failure.description].compactMap(\.self)
            .map { ReplyText.clean($0.utf8, limit: Self.textLimit) }
        return "\(words.joined(separator: ": ")) (\(status))"
    }

    /// Without a query, which may hold anything.
    private static func place(_ location: String) -> String {
        String(location.prefix { $0 != "?" && $0 != "#" })
    }

    private func refusal(_ kind: RelayTrouble.Kind, _ text: String) -> TokenRefusal {
        TokenRefusal(kind: kind, text: text)
    }
}
