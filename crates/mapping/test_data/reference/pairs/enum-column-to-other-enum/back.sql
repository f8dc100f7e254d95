-- AlterTable
ALTER TABLE "public"."A" DROP COLUMN "a",
ADD COLUMN     "a" "public"."One" NOT NULL,
DROP COLUMN "b",
ADD COLUMN     "b" "public"."One" DEFAULT 'x',
DROP COLUMN "c",
ADD COLUMN     "c" "public"."One"[];
