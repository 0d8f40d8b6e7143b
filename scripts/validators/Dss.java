import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import java.io.File;
import java.time.Instant;
import java.util.Date;

/** What EU DSS says of record files. Arguments: the trust folder, then a moment and a file, each file with its moment.
 *  Revocation lists of the trust folder are lent to files below level LT only: at LT everything must be inside.
 *  One line a file: indication, sub-indication, level, how many errors, warnings and notes, the file; then each of them, indented. */
public class Dss {
    public static void main(String[] names) throws Exception {
        var anchors = new CommonTrustedCertificateSource();
        for (var place : new String[] {"ca/root.pem", "tsa/root.pem", "persons/root.pem"}) {
            if (new File(names[0], place).exists()) {
                anchors.addCertificate(DSSUtils.loadCertificate(new File(names[0], place)));
            }
        }
        for (int n = 1; n < names.length; n += 2) {
            var file = new File(names[n + 1]);
            try {
                judge(new File(names[0], "crl"), anchors, Date.from(Instant.parse(names[n])), file);
            } catch (RuntimeException error) {
                System.out.println(error.getClass().getSimpleName() + " - - 0 0 0 " + file);
            }
        }
    }

    static void judge(File lists, CommonTrustedCertificateSource anchors, Date moment, File file) throws Exception {
        var reports = validated(null, anchors, moment, file);
        if (!level(reports).endsWith("-LT")) {
            reports = validated(lists, anchors, moment, file);
        }
        var simple = reports.getSimpleReport();
        var id = own(reports);
        if (id == null) {
            System.out.println("NONE - - 0 0 0 " + file);
            return;
        }
        var errors = simple.getAdESValidationErrors(id);
        var warnings = simple.getAdESValidationWarnings(id);
        var notes = simple.getAdESValidationInfo(id);
        System.out.println(simple.getIndication(id) + " " + (simple.getSubIndication(id) == null ? "-" : simple.getSubIndication(id))
            + " " + level(reports) + " " + errors.size() + " " + warnings.size() + " " + notes.size() + " " + file);
        errors.forEach(one -> System.out.println("  error: " + one.getValue()));
        warnings.forEach(one -> System.out.println("  warning: " + one.getValue()));
        notes.forEach(one -> System.out.println("  note: " + one.getValue()));
    }

    static eu.europa.esig.dss.validation.reports.Reports validated(
            File lists, CommonTrustedCertificateSource anchors, Date moment, File file) throws Exception {
        var verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(anchors);
        verifier.setAIASource(null);
        if (lists != null) {
            var found = new java.util.ArrayList<java.io.InputStream>();
            for (var one : lists.listFiles()) {
                found.add(new java.io.FileInputStream(one));
            }
            verifier.setCrlSource(new ExternalResourcesCRLSource(found.toArray(new java.io.InputStream[0])));
        }
        var validator = SignedDocumentValidator.fromDocument(new FileDocument(file));
        validator.setCertificateVerifier(verifier);
        validator.setValidationTime(moment);
        return validator.validateDocument();
    }

    /** The signature that is judged: a person's own, where there is one, else the record's seal. */
    static String own(eu.europa.esig.dss.validation.reports.Reports reports) {
        for (var one : reports.getDiagnosticData().getSignatures()) {
            if ("personal".equals(one.getDAIdentifier())) {
                return one.getId();
            }
        }
        return reports.getSimpleReport().getFirstSignatureId();
    }

    static String level(eu.europa.esig.dss.validation.reports.Reports reports) {
        var id = own(reports);
        return id == null ? "-" : String.valueOf(reports.getSimpleReport().getSignatureFormat(id));
    }
}
