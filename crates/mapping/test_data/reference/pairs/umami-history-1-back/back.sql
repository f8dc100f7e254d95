-- DropForeignKey
ALTER TABLE "public"."event" DROP CONSTRAINT "event_session_id_fkey";

-- DropForeignKey
ALTER TABLE "public"."pageview" DROP CONSTRAINT "pageview_session_id_fkey";

-- DropForeignKey
ALTER TABLE "public"."session" DROP CONSTRAINT "session_website_id_fkey";

-- DropIndex
DROP INDEX "public"."website_hostname_key";

-- AlterTable
ALTER TABLE "public"."event" ADD COLUMN     "website_id" INTEGER NOT NULL,
DROP COLUMN "session_id",
ADD COLUMN     "session_id" INTEGER NOT NULL;

-- AlterTable
ALTER TABLE "public"."pageview" ADD COLUMN     "website_id" INTEGER NOT NULL,
DROP COLUMN "session_id",
ADD COLUMN     "session_id" INTEGER NOT NULL;

-- AlterTable
ALTER TABLE "public"."session" DROP CONSTRAINT "session_pkey",
ADD COLUMN     "hostname" TEXT,
ADD COLUMN     "session_uuid" TEXT NOT NULL,
DROP COLUMN "session_id",
ADD COLUMN     "session_id" SERIAL NOT NULL,
DROP COLUMN "website_id",
ADD COLUMN     "website_id" INTEGER NOT NULL,
ADD CONSTRAINT "session_pkey" PRIMARY KEY ("session_id");

-- AlterTable
ALTER TABLE "public"."website" DROP CONSTRAINT "website_pkey",
ADD COLUMN     "user_id" INTEGER NOT NULL,
ADD COLUMN     "website_uuid" TEXT NOT NULL,
DROP COLUMN "website_id",
ADD COLUMN     "website_id" SERIAL NOT NULL,
ADD CONSTRAINT "website_pkey" PRIMARY KEY ("website_id");

-- CreateTable
CREATE TABLE "public"."account" (
    "created_at" TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP,
    "is_admin" BOOLEAN NOT NULL DEFAULT false,
    "password" TEXT NOT NULL,
    "updated_at" TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP,
    "user_id" SERIAL NOT NULL,
    "username" TEXT NOT NULL,

    CONSTRAINT "account_pkey" PRIMARY KEY ("user_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "account_username_key" ON "public"."account"("username" ASC);

-- CreateIndex
CREATE INDEX "event_created_at_idx" ON "public"."event"("created_at" ASC);

-- CreateIndex
CREATE INDEX "event_session_id_idx" ON "public"."event"("session_id" ASC);

-- CreateIndex
CREATE INDEX "event_website_id_idx" ON "public"."event"("website_id" ASC);

-- CreateIndex
CREATE INDEX "pageview_created_at_idx" ON "public"."pageview"("created_at" ASC);

-- CreateIndex
CREATE INDEX "pageview_session_id_idx" ON "public"."pageview"("session_id" ASC);

-- CreateIndex
CREATE INDEX "pageview_website_id_idx" ON "public"."pageview"("website_id" ASC);

-- CreateIndex
CREATE INDEX "session_created_at_idx" ON "public"."session"("created_at" ASC);

-- CreateIndex
CREATE UNIQUE INDEX "session_session_uuid_key" ON "public"."session"("session_uuid" ASC);

-- CreateIndex
CREATE INDEX "session_website_id_idx" ON "public"."session"("website_id" ASC);

-- CreateIndex
CREATE UNIQUE INDEX "website_website_uuid_key" ON "public"."website"("website_uuid" ASC);

-- AddForeignKey
ALTER TABLE "public"."event" ADD CONSTRAINT "event_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "public"."session"("session_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."event" ADD CONSTRAINT "event_website_id_fkey" FOREIGN KEY ("website_id") REFERENCES "public"."website"("website_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."pageview" ADD CONSTRAINT "pageview_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "public"."session"("session_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."pageview" ADD CONSTRAINT "pageview_website_id_fkey" FOREIGN KEY ("website_id") REFERENCES "public"."website"("website_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."session" ADD CONSTRAINT "session_website_id_fkey" FOREIGN KEY ("website_id") REFERENCES "public"."website"("website_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "public"."website" ADD CONSTRAINT "website_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."account"("user_id") ON DELETE RESTRICT ON UPDATE CASCADE;
