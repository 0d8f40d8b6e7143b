import java.nio.file.Files;
import java.nio.file.Path;
import org.roda_project.commons_ip2.validator.EARKSIPValidator;
import org.roda_project.commons_ip2.validator.reporter.ValidationReportOutputJson;

/** What commons-ip2 says of packages, each a report REPORTS/NAME.json. Its own command line falls over the second package. */
public class Validate {
    private static final String VERSION = "2.2.0";

    public static void main(String[] names) throws Exception {
        for (int i = 1; i < names.length; i++) {
            var path = Path.of(names[i]);
            try (var report = Files.newOutputStream(Path.of(names[0], path.getFileName() + ".json"))) {
                var found = new ValidationReportOutputJson(path, report);
                System.out.println(new EARKSIPValidator(found, VERSION).validate(VERSION) + " " + path);
            }
        }
    }
}
