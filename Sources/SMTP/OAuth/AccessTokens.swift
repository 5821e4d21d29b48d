package import Delivery
internal import Glibc
internal import Synchronization

/// The access tokens for one relay: read from a file, or fetched and kept.
///
/// An object, so that all copies of the settings share what was fetched. It blocks, on the threads that
/// open connections; those that are open go on meanwhile.
package final class AccessTokens: Sendable {
    package enum Source: Hashable, Sendable {
        case file(SecretSource)
        case client(ClientCredentials)
    }

    /// Asks the authorization server, with the client's secret.
    typealias Fetch =
        @Sendable (ClientCredentials, Secret, _ shouldStop: () -> Bool) throws(TokenRefusal) ->
        GrantedToken

    package let source: Source
    private let fetch: Fetch
    private let state = Mutex(State())
    /// How often it is looked whether another thread is done with fetching, or whether to stop.
    private static let pace: UInt32 = 20_000

    private struct State {
        var cache = TokenCache()
        var isFetching = false
        /// What must not be shown: the last tokens read or fetched, the last secrets.
        var known: [(secret: Secret, mask: SecretMask)] = []

        mutating func note(_ secret: Secret) {
            guard !known.contains(where: { $0.secret == secret }) else { return }
            known = known.suffix(5) + [(secret, SecretMask(secret.revealed))]
        }
    }

    package convenience init(_ source: Source) {
        self.init(source, fetch: TokenExchange.fetch)
    }

    init(_ source: Source, fetch: @escaping Fetch) {
        self.source = source
        self.fetch = fetch
    }

    /// The file, or the server, for people.
    package var place: String {
        switch source {
        case .file(let file): file.name
        case .client(let client): client.host
        }
    }

    /// How long the fetched token is still good; nil if none was fetched.
    package var remaining: Duration? { state.withLock { $0.cache.remaining(at: .now) } }

    /// For ``ConnectionRedaction``.
    var masks: [SecretMask] { state.withLock { $0.known.map(\.mask) } }

    /// Makes sure that there is one, as ``RelayConnection/open(_:shouldStop:watch:)`` does first.
    package func prepare(shouldStop: () -> Bool = { false }) throws(RelayTrouble) {
        _ = try issue(shouldStop)
    }

    /// The token for a new connection.
    func issue(_ shouldStop: () -> Bool) throws(RelayTrouble) -> TokenCache.Issue {
        switch source {
        case .file(let file):
            return TokenCache.Issue(token: try read(file), number: 0, isNew: true)
        case .client(let client):
            let issue = try renewed(client, shouldStop) { cache in
                cache.usable(at: .now).map { .use($0) } ?? .fetch
            }
            guard let issue else { throw trouble(client, .outage, "none is held") }
            return issue
        }
    }

    /// Another one, after the relay has refused this; nil if there is none to be had.
    func next(
        after issue: TokenCache.Issue, _ shouldStop: () -> Bool
    ) throws(RelayTrouble) -> TokenCache.Issue? {
        guard case .client(let client) = source else { return nil }
        return try renewed(client, shouldStop) { $0.refused(issue) }
    }

    // MARK: Reading and fetching

    private func read(_ source: SecretSource) throws(RelayTrouble) -> Secret {
        do throws(SecretSource.Failure) {
            let secret = try source.read()
            state.withLock { $0.note(secret) }
            return secret
        } catch {
            let text = "no token: \(source.name) \(error.text)"
            throw RelayTrouble(
                kind: .credentials,
                error: DeliveryError(stage: .auth, text: ReplyText.clean(text.utf8)))
        }
    }

    /// Fetches a token, one thread at a time: those that come meanwhile wait, and look again then.
    ///
    /// - Parameter decide: whether there is need of fetching.
    private func renewed(
        _ client: ClientCredentials, _ shouldStop: () -> Bool,
        _ decide: (inout TokenCache) -> TokenCache.Next
    ) throws(RelayTrouble) -> TokenCache.Issue? {
        while true {
            let next: TokenCache.Next? = state.withLock { state in
                guard !state.isFetching else { return nil }
                let next = decide(&state.cache)
                state.isFetching = next == .fetch
                return next
            }
            switch next {
            case .use(let issue)?: return issue
            case .giveUp?: return nil
            case .fetch?: return try fetchNow(client, shouldStop)
            case nil: break
            }
            if shouldStop() { throw trouble(client, .outage, "stopped while fetching it") }
            usleep(Self.pace)
        }
    }

    private func fetchNow(
        _ client: ClientCredentials, _ shouldStop: () -> Bool
    ) throws(RelayTrouble) -> TokenCache.Issue {
        defer { state.withLock { $0.isFetching = false } }
        do throws(TokenRefusal) {
            let granted = try fetch(client, try secret(client), shouldStop)
            return state.withLock { state in
                state.note(granted.token)
                return state.cache.fetched(granted, at: .now, jitter: .random(in: 0...1))
            }
        } catch {
            if let old = state.withLock({ $0.cache.fetchFailed(at: .now) }) { return old }
            throw trouble(client, error.kind, error.text)
        }
    }

    private func secret(_ client: ClientCredentials) throws(TokenRefusal) -> Secret {
        do throws(SecretSource.Failure) {
            let secret = try client.secret.read()
            state.withLock { $0.note(secret) }
            return secret
        } catch {
            throw TokenRefusal(
                kind: .credentials,
                text: "the client's secret: \(client.secret.name) \(error.text)")
        }
    }

    private func trouble(
        _ client: ClientCredentials, _ kind: RelayTrouble.Kind, _ text: String
    ) -> RelayTrouble {
        // A server may repeat what it was sent.
        let harmless = masks.hide(in: "no token from \(client.host): \(text)")
        return RelayTrouble(
            kind: kind,
            error: DeliveryError(stage: .auth, text: ReplyText.clean(harmless.utf8)))
    }
}

/// Two that are set alike are alike, whatever they hold at present.
extension AccessTokens: Hashable {
    package static func == (one: AccessTokens, other: AccessTokens) -> Bool {
        one.source == other.source
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(source) }
}
