-- DropForeignKey
ALTER TABLE "public"."Account" DROP CONSTRAINT "Account_userId_fkey";

-- DropForeignKey
ALTER TABLE "public"."PasswordlessVerification" DROP CONSTRAINT "PasswordlessVerification_userUid_fkey";

-- DropIndex
DROP INDEX "public"."User_email_key";

-- AlterTable
ALTER TABLE "public"."User" DROP CONSTRAINT "User_pkey",
DROP COLUMN "createdOn",
DROP COLUMN "id",
DROP COLUMN "image",
DROP COLUMN "isAdmin",
DROP COLUMN "name",
DROP COLUMN "refreshToken",
ADD COLUMN     "currentGQLSession" JSONB,
ADD COLUMN     "currentRESTSession" JSONB,
ADD COLUMN     "displayName" TEXT,
ADD COLUMN     "photoURL" TEXT,
ADD COLUMN     "uid" TEXT NOT NULL,
ADD CONSTRAINT "User_pkey" PRIMARY KEY ("uid");

-- DropTable
DROP TABLE "public"."Account";

-- DropTable
DROP TABLE "public"."PasswordlessVerification";

-- CreateTable
CREATE TABLE "public"."UserEnvironment" (
    "id" TEXT NOT NULL,
    "userUid" TEXT NOT NULL,
    "name" TEXT,
    "variables" JSONB NOT NULL,
    "isGlobal" BOOLEAN NOT NULL,

    CONSTRAINT "UserEnvironment_pkey" PRIMARY KEY ("id")
);

-- AddForeignKey
ALTER TABLE "public"."UserEnvironment" ADD CONSTRAINT "UserEnvironment_userUid_fkey" FOREIGN KEY ("userUid") REFERENCES "public"."User"("uid") ON DELETE CASCADE ON UPDATE CASCADE;
