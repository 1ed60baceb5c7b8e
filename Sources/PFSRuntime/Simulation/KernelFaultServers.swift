// What faults do to servers and to what they send: no answer, a slow one, no room for more, another file
// than the one asked for, or half of it.

internal import BasicContainers

extension Kernel {
    // MARK: Answers

    /// Whether a server answers nothing.
    func isSilent(_ server: Int) -> Bool { hasFault(.serverDown, server) }

    private func hasFault(_ fault: Fault, _ server: Int) -> Bool {
        faults.isOn
            && faults.active.contains {
                $0.record.fault == fault && $0.record.scope.place == .server(server)
            }
    }

    /// Whether nothing that a phone asks of a server is answered; what keeps it from that is hit.
    mutating func isSilent(_ server: Int, to phone: PhoneNumber) -> Bool {
        guard faults.isOn else { return false }
        var isSilent = false
        for place in 0..<faults.active.count {
            let active = faults.active[place]
            switch active.record.fault {
            case .serverDown where active.record.scope.place == .server(server): break
            case .unauthorised where holds(active, phone): break
            // The answer goes to the other device.
            case .duplicateAddress where holds(active, phone):
                guard strikesByChance(place, phone, salt: 1) else { continue }
            default: continue
            }
            isSilent = true
            hit(place, phone)
        }
        return isSilent
    }

    /// Whether a fault has a server serve nobody more; then it is hit.
    mutating func isKeptFull(_ server: Int, to phone: PhoneNumber) -> Bool {
        guard faults.isOn else { return false }
        var isFull = false
        for place in 0..<faults.active.count
        where faults.active[place].record.fault == .serverFull
            && faults.active[place].record.scope.place == .server(server)
        {
            isFull = true
            hit(place, phone)
        }
        return isFull
    }

    /// The transfers of a server that goes down come to nothing: each phone repeats itself until its
    /// last time-out.
    mutating func breakOffFetches(from server: Int, by number: Int) {
        for index in 0..<phones.count {
            let phone = PhoneNumber(index)
            breakOffRealFetch(of: phone, by: number) { $0.server == server }
            guard case .server(let file, let path) = phones[index].download,
                network.paths[Int(path)].server == server
            else { continue }
            hit(fault: number, phone)
            cancelFetch(file, of: phone, on: Int(path))
            waitInVain(for: file, phone)
        }
    }

    // MARK: Pace

    /// How much longer faults let a server take for each block.
    func slowness(of server: Int) -> Interval {
        guard faults.isOn else { return .zero }
        return faults.active.reduce(.zero) { sum, active in
            guard case .serverSlow(let length) = active.record.fault,
                active.record.scope.place == .server(server)
            else { return sum }
            return sum + length
        }
    }

    /// A server has become slower, or is no longer: transfers under way take another pace.
    mutating func repace(_ server: Int) {
        for path in network.paths.indices where network.paths[path].server == server {
            let site = network.paths[path].site
            let way = way(from: server, to: site, network.paths[path].lanRateBitsPerSecond)
            network.paths[path].cost = parameters.blockCost(over: way)
            share(network.paths[path].link)
        }
        for number in faults.active.map(\.record.number) where isSlow(number, server) {
            for index in 0..<phones.count {
                guard case .server(_, let path) = phones[index].download,
                    network.paths[Int(path)].server == server
                else { continue }
                hit(fault: number, PhoneNumber(index))
            }
        }
    }

    private func isSlow(_ number: Int, _ server: Int) -> Bool {
        guard let place = faults.place(of: number),
            case .serverSlow = faults.active[place].record.fault
        else { return false }
        return faults.active[place].record.scope.place == .server(server)
    }

    // MARK: Contents

    /// How many bytes come when a phone asks for a file: those of the file, unless it is another one.
    func bytesComing(_ file: FileNumber, to phone: PhoneNumber) -> Int64 {
        let whole = files[Int(file.index)].bytes
        guard !faults.spoiled.isEmpty else { return whole }
        return faults.spoiled[phone.index] ?? whole
    }

    /// A server begins to send a file: faults may have it send another one, or half of it, or count a
    /// block as slow.
    mutating func spoil(_ file: FileNumber, from server: Int, to phone: PhoneNumber) {
        let whole = files[Int(file.index)].bytes
        for place in 0..<faults.active.count {
            let record = faults.active[place].record
            guard record.scope.place == .server(server) else { continue }
            let bytes: Int64
            switch record.fault {
            case .wrongFile: bytes = whole
            case .truncatedFile: bytes = whole / 2
            case .serverSlow:
                hit(place, phone)
                continue
            default: continue
            }
            if let wanted = record.scope.file, wanted != fileIndex(file, of: phone) { continue }
            if let nth = record.scope.nth, faults.countMatch(at: place) != nth { continue }
            guard strikesByChance(place, phone, salt: 2) else { continue }
            faults.spoiled[phone.index] = min(bytes, faults.spoiled[phone.index] ?? bytes)
            hit(place, phone, nil, file)
        }
    }
}
