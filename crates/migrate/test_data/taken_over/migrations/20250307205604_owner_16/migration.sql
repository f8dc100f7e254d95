-- AlterTable
ALTER TABLE "Thing2" ADD COLUMN     "ownerId" TEXT;

-- AddForeignKey
ALTER TABLE "Thing2" ADD CONSTRAINT "Thing2_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
