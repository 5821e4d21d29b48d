import CCurl
import Delivery

/// Drives libcurl from nothing to a connection that is ready for mail, keeping the deadlines that
/// libcurl 7.88 can't: the TCP connection, then each silence of the relay.
struct Connector {
    /// The longest wait between two looks at `shouldStop`.
    private static let pace: Duration = .milliseconds(50)

    let handle: EasyHandle
    let settings: ConnectionSettings
    let shouldStop: () -> Bool
    let onSilence: (DeliveryError) -> Void

    /// A relay that has taken the connection and says nothing for so long is told of.
    static let silenceToTell: Duration = .seconds(10)

    private var waitsSince = ContinuousClock.now
    /// What came so far: the TCP connection, TLS, reply lines.
    private var milestones = 0
    private var isSilenceTold = false

    init(
        _ settings: ConnectionSettings, watch: ConnectionWatch? = nil,
        onSilence: @escaping (DeliveryError) -> Void = { _ in },
        shouldStop: @escaping () -> Bool
    ) throws(RelayTrouble) {
        handle = try EasyHandle(settings, watch: watch)
        self.settings = settings
        self.shouldStop = shouldStop
        self.onSilence = onSilence
        try handle.configure(settings)
    }

    /// Blocks until the connection is ready.
    mutating func run() throws(RelayTrouble) {
        guard curl_multi_add_handle(handle.curl.multi, handle.easy) == CURLM_OK else {
            throw trouble(.outage, "libcurl can't connect")
        }
        waitsSince = .now
        while try perform() {
            try noteProgress()
            if shouldStop() { throw trouble(.outage, "stopped while connecting") }
            let timeout = handle.isConnected ? settings.commandTimeout : settings.connectTimeout
            let remaining = timeout - (.now - waitsSince)
            guard remaining > .zero else { throw silence(timeout) }
            tellSilence()
            try wait(min(remaining, Self.pace))
        }
        let result = handle.curl.result()
        if let trouble = handle.observer.trouble { throw trouble }
        guard result == CURLE_OK else { throw trouble(for: result) }
        guard handle.observer.handshake.isComplete else {
            throw trouble(.credentials, "libcurl did not log in, but a user name is set")
        }
        if handle.observer.isWatched { handle.observer.tell(.certificates(handle.certificates)) }
        try handle.set(CURLOPT_VERBOSE, 0)
        // What it says of an address that did not answer is not to be read as a later error.
        handle.observer.errorText.pointee = 0
    }

    /// Once for each silence.
    private mutating func tellSilence() {
        guard handle.isConnected, !isSilenceTold, .now - waitsSince >= Self.silenceToTell else {
            return
        }
        isSilenceTold = true
        onSilence(silence(Self.silenceToTell).error)
    }

    /// One step; false when libcurl is done.
    private func perform() throws(RelayTrouble) -> Bool {
        var running: Int32 = 0
        let code = curl_multi_perform(handle.curl.multi, &running)
        if let trouble = handle.observer.trouble { throw trouble }
        guard code == CURLM_OK else { throw trouble(.outage, multiText(code)) }
        return running > 0
    }

    private mutating func noteProgress() throws(RelayTrouble) {
        let isConnected = handle.isConnected
        if isConnected { handle.observer.tellConnected() }
        let now =
            (isConnected ? 1 : 0) + (handle.isTLSUp ? 1 : 0) + handle.observer.lineCount
        guard now != milestones else { return }
        if milestones == 0, isConnected {
            // From here on the connect timeout would bound the whole handshake.
            try handle.set(CURLOPT_CONNECTTIMEOUT_MS, EasyHandle.never)
        }
        milestones = now
        waitsSince = .now
        isSilenceTold = false
    }

    /// Rounded up: waking a moment too early would make it spin.
    private func wait(_ duration: Duration) throws(RelayTrouble) {
        let milliseconds = Int32(clamping: duration.inMilliseconds + 1)
        let code = curl_multi_poll(handle.curl.multi, nil, 0, milliseconds, nil)
        guard code == CURLM_OK else { throw trouble(.outage, multiText(code)) }
    }

    private func multiText(_ code: CURLMcode) -> String {
        "libcurl: \(String(cString: curl_multi_strerror(code)))"
    }
}
